using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace IotOps.Archive.Records;

/// <summary>A record's time, however it is written.</summary>
internal static class JsonTime
{
    // 1e11 is 1973 in milliseconds and the year 5138 in seconds.
    private const double FirstMilliseconds = 1e11;
    private const int LongestText = 64;

    /// <summary>Milliseconds since 1970 of the number or string that the reader stands on; null when it is no time.</summary>
    public static long? Read(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Number)
        {
            return reader.TryGetInt64(out long whole) ? OfNumber(whole) : reader.TryGetDouble(out double number) ? OfNumber(number) : null;
        }

        if (reader.TokenType != JsonTokenType.String || (reader.HasValueSequence ? reader.ValueSequence.Length : reader.ValueSpan.Length) > LongestText)
        {
            return null;
        }

        Span<byte> text = stackalloc byte[LongestText];
        return OfText(text[..reader.CopyString(text)]);
    }

    private static long? OfText(ReadOnlySpan<byte> text)
    {
        if (Utf8Parser.TryParse(text, out double number, out int consumed) && consumed == text.Length)
        {
            return OfNumber(number);
        }

        Span<char> characters = stackalloc char[LongestText];
        if (Encoding.UTF8.TryGetChars(text, characters, out int count)
            && DateTimeOffset.TryParse(characters[..count], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time))
        {
            return time.ToUnixTimeMilliseconds();
        }

        return null;
    }

    private static long? OfNumber(double number) =>
        !double.IsFinite(number) || Math.Abs(number) > 1e15 ? null
        : (long)Math.Floor(Math.Abs(number) < FirstMilliseconds ? number * 1000 : number);
}
