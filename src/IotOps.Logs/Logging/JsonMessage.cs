using System.Diagnostics.CodeAnalysis;
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
        var values = new JsonValues(writer);
        if (state is IReadOnlyList<KeyValuePair<string, object?>> properties && HasAny(properties))
        {
            writer.WritePropertyName("state"u8);
            values.Members(properties);
        }

        Scopes(writer, values, scopes);
        if (message.Exception is { } exception)
        {
            writer.WriteString("exception"u8, LogText.Of(exception));
        }

        writer.WriteEndObject();
    }

    [SuppressMessage("Design", "CA1031", Justification = "A state that throws must not end the application that logs it.")]
    private static bool HasAny(IReadOnlyList<KeyValuePair<string, object?>> properties)
    {
        try
        {
            return properties.Count > 0;
        }
        catch (Exception)
        {
            // Writing it says what it threw.
            return true;
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "A scope that throws must not end the application that logs in it.")]
    private static void Scopes(Utf8JsonWriter writer, JsonValues values, IExternalScopeProvider? scopes)
    {
        // Whether there is any shows only on the way.
        bool[] begun = [false];
        try
        {
            scopes?.ForEachScope(
                static (scope, to) =>
                {
                    if (!to.begun[0])
                    {
                        to.begun[0] = true;
                        to.writer.WriteStartArray("scopes"u8);
                    }

                    to.values.Value(scope);
                },
                (writer, values, begun));
        }
        catch (Exception e) when (begun[0])
        {
            writer.WriteStringValue(LogText.Note(scopes!, e));
        }
        catch (Exception)
        {
            // The provider of scopes itself is broken, and there is none to write.
        }

        if (begun[0])
        {
            writer.WriteEndArray();
        }
    }
}
