using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace IotOps.Emulator.Http;

/// <summary>Writes refusals of services that speak REST JSON: the code in a header.</summary>
internal static class RestJsonError
{
    public static Task WriteAsync(HttpContext context, Refusal refusal)
    {
        context.Response.Headers["x-amzn-ErrorType"] = refusal.Code;
        var body = new ArrayBufferWriter<byte>(128);
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteString("message"u8, refusal.Message);
            json.WriteEndObject();
        }

        return JsonAnswer.WriteAsync(context, refusal.Status, body.WrittenMemory, contentType: "application/json");
    }
}
