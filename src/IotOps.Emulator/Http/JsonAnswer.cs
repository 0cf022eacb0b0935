using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace IotOps.Emulator.Http;

/// <summary>Writes answers of AWS JSON 1.1.</summary>
internal static class JsonAnswer
{
    public const string ContentType = "application/x-amz-json-1.1";

    /// <summary>Writes a body, or as much of it as <paramref name="letThrough"/> says before the connection is cut.</summary>
    public static async Task WriteAsync(HttpContext context, int status, ReadOnlyMemory<byte> body, long letThrough = long.MaxValue, string contentType = ContentType)
    {
        HttpResponse response = context.Response;
        if (letThrough <= 0)
        {
            context.Abort();
            return;
        }

        response.StatusCode = status;
        response.ContentType = contentType;
        response.ContentLength = body.Length;
        if (letThrough >= body.Length)
        {
            await response.BodyWriter.WriteAsync(body, context.RequestAborted).ConfigureAwait(false);
            return;
        }

        await response.BodyWriter.WriteAsync(body[..(int)letThrough], context.RequestAborted).ConfigureAwait(false);
        await response.BodyWriter.FlushAsync(context.RequestAborted).ConfigureAwait(false);
        context.Abort();
    }

    public static Task WriteAsync(HttpContext context, Refusal refusal)
    {
        var body = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(body))
        {
            writer.WriteStartObject();
            writer.WriteString("__type"u8, refusal.Code);
            writer.WriteString("message"u8, refusal.Message);
            writer.WriteEndObject();
        }

        return WriteAsync(context, refusal.Status, body.WrittenMemory);
    }
}
