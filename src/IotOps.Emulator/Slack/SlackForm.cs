using System.Buffers;
using System.Text;
using System.Text.Json;
using IotOps.Emulator.Signing;
using Microsoft.AspNetCore.Http;

namespace IotOps.Emulator.Slack;

/// <summary>Arguments of the Web API as a form, as @slack/web-api posts them: blocks and attachments are JSON in a field.</summary>
internal static class SlackForm
{
    public static bool IsOne(HttpContext context) =>
        context.Request.ContentType?.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>The same arguments as JSON.</summary>
    public static string ToJson(string form)
    {
        var body = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            foreach ((string name, string value) in new QueryParameters(form).All)
            {
                if (name is "blocks" or "attachments" && IsJson(value))
                {
                    json.WritePropertyName(name);
                    json.WriteRawValue(value);
                }
                else
                {
                    json.WriteString(name, value);
                }
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(body.WrittenSpan);
    }

    private static bool IsJson(string value)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(value);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
