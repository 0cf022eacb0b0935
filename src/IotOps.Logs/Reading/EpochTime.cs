namespace IotOps.Logs.Reading;

/// <summary>Times as numbers since 1970: seconds with a fraction, or whole milliseconds, microseconds or nanoseconds.</summary>
internal static class EpochTime
{
    // 1e11 seconds are the year 5138, as milliseconds they are 1973; the same 1,000 and 1,000,000 times over.
    private const long FirstMilliseconds = 100_000_000_000;
    private const long FirstMicroseconds = FirstMilliseconds * 1000;
    private const long FirstNanoseconds = FirstMicroseconds * 1000;

    /// <summary>Fewer seconds are 1973 at the most: a count, an uptime.</summary>
    private const long FewestSeconds = 100_000_000;

    private const long LastMs = 253_402_300_799_999;

    /// <summary>True for the names of these formats.</summary>
    public static bool IsFormat(string format) => format is "epoch" or "epoch-s" or "epoch-ms" or "epoch-us" or "epoch-ns";

    /// <summary>Milliseconds since 1970, what is finer being cut; null when the text begins with no such number.</summary>
    public static long? Read(ReadOnlySpan<byte> text, string format)
    {
        int digits = text.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        digits = digits < 0 ? text.Length : digits;
        if (digits is 0 or > 19)
        {
            return null;
        }

        UInt128 value = 0;
        foreach (byte digit in text[..digits])
        {
            value = (value * 10) + (uint)(digit - '0');
        }

        ReadOnlySpan<byte> rest = text[digits..];
        long milliseconds = 0;
        if (rest is [(byte)'.', >= (byte)'0' and <= (byte)'9', ..])
        {
            rest = rest[1..];
            int fraction = rest.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
            fraction = fraction < 0 ? rest.Length : fraction;
            for (int i = 0; i < 3; i++)
            {
                milliseconds = (milliseconds * 10) + (i < fraction ? rest[i] - '0' : 0);
            }

            rest = rest[fraction..];
        }

        if (!rest.IsEmpty && (char.IsAsciiLetterOrDigit((char)rest[0]) || rest[0] is (byte)'-' or (byte)'/' or (byte)':'))
        {
            // A date that begins with digits, a name: no number of its own.
            return null;
        }

        UInt128 ms = format switch
        {
            "epoch-s" => (value * 1000) + (uint)milliseconds,
            "epoch-ms" => value,
            "epoch-us" => value / 1000,
            "epoch-ns" => value / 1_000_000,
            _ when value < FewestSeconds => UInt128.MaxValue,
            _ when value < FirstMilliseconds => (value * 1000) + (uint)milliseconds,
            _ when value < FirstMicroseconds => value,
            _ when value < FirstNanoseconds => value / 1000,
            _ => value / 1_000_000,
        };
        return ms <= LastMs ? (long)ms : null;
    }
}
