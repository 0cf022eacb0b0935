using System.Globalization;
using IotOps.Emulator.Http;

namespace IotOps.Emulator.S3;

/// <summary>The part of an object that a request asks for.</summary>
internal readonly record struct ByteRange(long Offset, long Count)
{
    /// <summary>Reads <c>bytes=a-b</c>, <c>bytes=a-</c> and <c>bytes=-n</c>; null when it is none of them, which means the whole.</summary>
    /// <exception cref="Refusal">416: it lies beyond the end.</exception>
    public static ByteRange? Parse(string? header, long length)
    {
        if (header is null || !header.StartsWith("bytes=", StringComparison.Ordinal) || header.Contains(',', StringComparison.Ordinal))
        {
            return null;
        }

        string[] ends = header["bytes=".Length..].Split('-');
        if (ends.Length != 2 || !TryNumber(ends[0], out long? first) || !TryNumber(ends[1], out long? last) || (first is null && last is null) || last < first)
        {
            return null;
        }

        long offset = first ?? Math.Max(0, length - last!.Value);
        long end = first is null ? length : Math.Min(length, (last ?? (length - 1)) + 1);
        if (offset >= length || end <= offset)
        {
            throw new Refusal(416, "InvalidRange", "The requested range is not satisfiable")
            {
                Details = [new("RangeRequested", header), new("ActualObjectSize", length.ToString())],
            };
        }

        return new ByteRange(offset, end - offset);
    }

    private static bool TryNumber(string text, out long? number)
    {
        number = null;
        if (text.Length == 0)
        {
            return true;
        }

        bool good = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long value);
        number = good ? value : null;
        return good;
    }
}
