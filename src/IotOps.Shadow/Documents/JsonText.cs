using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace IotOps.Shadow.Documents;

/// <summary>How this package writes JSON.</summary>
internal static class JsonText
{
    /// <summary>For messages and the journal: text stays readable, since nothing here ends in HTML.</summary>
    public static JsonWriterOptions Compact { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>For the snapshot, which people read.</summary>
    public static JsonWriterOptions Indented { get; } = Compact with { Indented = true };

    /// <summary>Bytes of a JSON string, its quotes included.</summary>
    public static int StringBytes(string text)
    {
        int bytes = Encoding.UTF8.GetByteCount(text) + 2;
        foreach (char c in text)
        {
            bytes += c switch
            {
                '"' or '\\' or '\n' or '\r' or '\t' or '\b' or '\f' => 1,
                < ' ' => 5,
                _ => 0,
            };
        }

        return bytes;
    }
}
