using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace IotOps.Fleet.Trail;

/// <summary>
/// Decodes JSON strings. Unlike System.Text.Json it takes half a surrogate pair, and a byte that is no UTF-8 as
/// U+FFFD: a record with one bad text is still a record.
/// </summary>
internal static class JsonText
{
    /// <summary>The text of a JSON string.</summary>
    /// <param name="raw">With its quotes.</param>
    public static string Decode(ReadOnlySpan<byte> raw) => DecodeText(raw[1..^1]);

    /// <summary>The text of a JSON string.</summary>
    /// <param name="text">Without its quotes.</param>
    public static string DecodeText(ReadOnlySpan<byte> text)
    {
        int escape = text.IndexOf((byte)'\\');
        if (escape < 0)
        {
            return Encoding.UTF8.GetString(text);
        }

        var decoded = new StringBuilder(text.Length);
        while (escape >= 0)
        {
            decoded.Append(Encoding.UTF8.GetString(text[..escape]));
            byte code = text[escape + 1];
            text = text[(escape + 2)..];
            if (code == 'u' && text.Length >= 4)
            {
                decoded.Append(Utf8Parser.TryParse(text[..4], out ushort unit, out _, 'x') ? (char)unit : '\uFFFD');
                text = text[4..];
            }
            else
            {
                decoded.Append(code switch { (byte)'b' => '\b', (byte)'f' => '\f', (byte)'n' => '\n', (byte)'r' => '\r', (byte)'t' => '\t', _ => (char)code });
            }

            escape = text.IndexOf((byte)'\\');
        }

        return decoded.Append(Encoding.UTF8.GetString(text)).ToString();
    }

    /// <summary>Whether a JSON string without its quotes has a text.</summary>
    public static bool Is(ReadOnlySpan<byte> raw, ReadOnlySpan<byte> text) =>
        raw.SequenceEqual(text) || (raw.Contains((byte)'\\') && raw.Length <= 6 * text.Length && Encoding.UTF8.GetBytes(DecodeText(raw)).AsSpan().SequenceEqual(text));

    /// <summary>A time such as <c>2026-01-01T02:03:04Z</c>; null when it is none.</summary>
    public static DateTimeOffset? Time(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset time)
            ? time
            : null;
}
