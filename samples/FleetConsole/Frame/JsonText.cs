using System.Text.Encodings.Web;
using System.Text.Json;

namespace IotOps.Samples.FleetConsole.Frame;

/// <summary>JSON for people.</summary>
internal static class JsonText
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The text with line ends and indentation; as it is when it is no JSON.</summary>
    public static string Indent(string text)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            return Write(document.RootElement);
        }
        catch (JsonException)
        {
            return text;
        }
    }

    public static string Write(JsonElement element)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, Indented))
        {
            element.WriteTo(writer);
        }

        return System.Text.Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }
}
