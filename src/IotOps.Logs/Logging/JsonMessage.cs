using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace IotOps.Logs.Logging;

/// <summary>A message as one JSON object, so that CloudWatch Logs Insights finds its fields.</summary>
internal static class JsonMessage
{
    private static readonly JsonWriterOptions WriterOptions = new()
    {
        // The text goes to a log, never into a web page: quotes and letters stay readable.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    /// <summary>Writes a message.</summary>
    public static void Write(PooledStream to, LogMessage message, object? state, IExternalScopeProvider? scopes)
    {
        using var writer = new Utf8JsonWriter(to, WriterOptions);
        writer.WriteStartObject();
        writer.WriteString("timestamp"u8, message.Time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ"));
        writer.WriteString("level"u8, message.LevelName);
        writer.WriteString("category"u8, message.Category);
        writer.WriteNumber("eventId"u8, message.EventId.Id);
        if (message.EventId.Name is { Length: > 0 } name)
        {
            writer.WriteString("eventName"u8, name);
        }

        writer.WriteString("message"u8, message.Text);
        if (state is IReadOnlyList<KeyValuePair<string, object?>> { Count: > 0 } properties)
        {
            writer.WriteStartObject("state"u8);
            Properties(writer, properties);
            writer.WriteEndObject();
        }

        Scopes(writer, scopes);
        if (message.Exception is { } exception)
        {
            writer.WriteString("exception"u8, exception.ToString());
        }

        writer.WriteEndObject();
    }

    private static void Scopes(Utf8JsonWriter writer, IExternalScopeProvider? scopes)
    {
        // Whether there is any shows only on the way.
        bool[] begun = [false];
        scopes?.ForEachScope(
            static (scope, to) =>
            {
                if (!to.begun[0])
                {
                    to.begun[0] = true;
                    to.writer.WriteStartArray("scopes"u8);
                }

                if (scope is IEnumerable<KeyValuePair<string, object?>> properties)
                {
                    to.writer.WriteStartObject();
                    Properties(to.writer, properties);
                    to.writer.WriteEndObject();
                }
                else
                {
                    Value(to.writer, scope);
                }
            },
            (writer, begun));
        if (begun[0])
        {
            writer.WriteEndArray();
        }
    }

    private static void Properties(Utf8JsonWriter writer, IEnumerable<KeyValuePair<string, object?>> properties)
    {
        foreach ((string key, object? value) in properties)
        {
            writer.WritePropertyName(key == "{OriginalFormat}" ? "template" : key);
            Value(writer, value);
        }
    }

    private static void Value(Utf8JsonWriter writer, object? value)
    {
        switch (value)
        {
            case null:
                writer.WriteNullValue();
                break;
            case string text:
                writer.WriteStringValue(text);
                break;
            case bool flag:
                writer.WriteBooleanValue(flag);
                break;
            case byte or sbyte or short or ushort or int or long:
                writer.WriteNumberValue(Convert.ToInt64(value));
                break;
            case uint or ulong:
                writer.WriteNumberValue(Convert.ToUInt64(value));
                break;
            case float number when float.IsFinite(number):
                writer.WriteNumberValue(number);
                break;
            case double number when double.IsFinite(number):
                writer.WriteNumberValue(number);
                break;
            case decimal number:
                writer.WriteNumberValue(number);
                break;
            case DateTime time:
                writer.WriteStringValue(time);
                break;
            case DateTimeOffset time:
                writer.WriteStringValue(time);
                break;
            case Guid id:
                writer.WriteStringValue(id);
                break;
            default:
                writer.WriteStringValue(value.ToString());
                break;
        }
    }
}
