using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace IotOps.Slack.Messages;

/// <summary>One JSON object as bytes.</summary>
internal static class MessageJson
{
    // The default would write every <, & and letter beyond ASCII as six bytes of a message that may have thirteen thousand.
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Write(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>(1_024);
        using (var json = new Utf8JsonWriter(buffer, Relaxed))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
