using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace IotOps.Detect.Alarms;

/// <summary>A message as JSON.</summary>
internal static class AlarmJson
{
    private const int ShortTextChars = 2_000;
    private const int FewDevices = 10;

    // It is read by programs; with the strict encoder a title in Japanese would take six bytes a character.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Write(AlarmMessage message, int maxBytes)
    {
        for (int alarms = message.Alarms.Count; ; alarms /= 2)
        {
            byte[] json = WriteFirst(message, alarms);
            if (json.Length <= maxBytes)
            {
                return json;
            }

            if (alarms == 0)
            {
                // Names that are nothing but escapes take six bytes a character.
                return WriteFirst(message with { Text = AlarmWords.Cut(message.Text, ShortTextChars), Devices = [.. message.Devices.Take(FewDevices)] }, 0);
            }
        }
    }

    private static byte[] WriteFirst(AlarmMessage message, int alarms)
    {
        var body = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(body, Options))
        {
            json.WriteStartObject();
            json.WriteNumber("version"u8, 1);
            json.WriteString("id"u8, message.Id);
            json.WriteString("type"u8, message.IsDigest ? "digest"u8 : "alarms"u8);
            json.WriteString("title"u8, message.Title);
            json.WriteString("text"u8, message.Text);
            json.WriteString("time"u8, message.Time);
            if (message.Kind is { } kind)
            {
                json.WriteString("kind"u8, AlarmWords.Of(kind));
                json.WriteString("rule"u8, message.Rule);
                json.WriteString("state"u8, AlarmWords.Of(message.State));
                json.WriteString("severity"u8, AlarmWords.Of(message.Severity));
            }

            json.WriteNumber("count"u8, message.Count);
            json.WriteStartArray("devices"u8);
            foreach (string device in message.Devices)
            {
                json.WriteStringValue(device);
            }

            json.WriteEndArray();
            json.WriteStartArray("alarms"u8);
            for (int i = 0; i < alarms; i++)
            {
                Write(json, message.Alarms[i]);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return body.WrittenSpan.ToArray();
    }

    private static void Write(Utf8JsonWriter json, FleetAlarm alarm)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, alarm.Id);
        json.WriteString("device"u8, alarm.Device);
        json.WriteString("time"u8, alarm.Time);
        json.WriteString("summary"u8, alarm.Summary);
        if (!alarm.Event.IsEmpty)
        {
            json.WritePropertyName("event"u8);
            json.WriteRawValue(alarm.Event.Span, skipInputValidation: true);
        }

        json.WriteEndObject();
    }
}
