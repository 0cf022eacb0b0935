using System.Globalization;

namespace IotOps.Emulator.Logs;

/// <summary>Where an event stands in the order of time; events of the same millisecond stand as they were accepted.</summary>
internal readonly record struct EventKey(long Timestamp, long Sequence) : IComparable<EventKey>
{
    private const int TimestampDigits = 20;
    private const int SequenceDigits = 36;

    public int CompareTo(EventKey other)
    {
        int byTime = Timestamp.CompareTo(other.Timestamp);
        return byTime != 0 ? byTime : Sequence.CompareTo(other.Sequence);
    }

    /// <summary>56 digits, the length of the service's event ids and tokens.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Timestamp:D20}{Sequence:D36}");

    public static bool TryParse(ReadOnlySpan<char> text, out EventKey key)
    {
        key = default;
        if (text.Length != TimestampDigits + SequenceDigits
            || !long.TryParse(text[..TimestampDigits], NumberStyles.None, CultureInfo.InvariantCulture, out long timestamp)
            || !long.TryParse(text[TimestampDigits..], NumberStyles.None, CultureInfo.InvariantCulture, out long sequence))
        {
            return false;
        }

        key = new EventKey(timestamp, sequence);
        return true;
    }
}
