using System.Buffers;
using System.Text;
using System.Text.Json;
using IotOps.SlackExport.Serving;

namespace IotOps.SlackExport.Lambda;

/// <summary>Writes the answer of a Lambda Function URL; the same for both payload formats.</summary>
internal static class FunctionUrlReply
{
    public static ReadOnlyMemory<byte> Write(SlackReply reply)
    {
        var body = new ArrayBufferWriter<byte>(reply.Body.Length + 256);
        using var json = new Utf8JsonWriter(body);
        json.WriteStartObject();
        json.WriteNumber("statusCode"u8, reply.Status);
        json.WriteStartObject("headers"u8);
        if (reply.ContentType is { } type)
        {
            json.WriteString("content-type"u8, type);
        }

        foreach ((string name, string value) in reply.Headers())
        {
            json.WriteString(name, value);
        }

        json.WriteEndObject();
        json.WriteString("body"u8, Encoding.UTF8.GetString(reply.Body));
        json.WriteBoolean("isBase64Encoded"u8, false);
        json.WriteEndObject();
        json.Flush();
        return body.WrittenMemory;
    }
}
