using System.Text;
using System.Text.Unicode;

namespace IotOps.Logs.Spool;

/// <summary>Makes any bytes into texts the service takes.</summary>
internal static class Utf8Text
{
    /// <summary>The same bytes when they are valid; otherwise a copy with U+FFFD in place of what is not.</summary>
    public static ReadOnlySpan<byte> Valid(ReadOnlySpan<byte> text) =>
        Utf8.IsValid(text) ? text : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(text));

    /// <summary>How many bytes of valid UTF-8 go into the next part of at most <paramref name="limit"/>: never half a character.</summary>
    public static int NextPart(ReadOnlySpan<byte> text, int limit)
    {
        if (text.Length <= limit)
        {
            return text.Length;
        }

        int end = limit;
        while (end > 0 && (text[end] & 0xC0) == 0x80)
        {
            end--;
        }

        return end;
    }
}
