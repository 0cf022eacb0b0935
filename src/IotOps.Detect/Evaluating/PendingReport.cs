using IotOps.Defender;

namespace IotOps.Detect.Evaluating;

/// <summary>What a report says that was not judged yet. Its measurements are kept, not its bytes: connections come to a few addresses.</summary>
/// <param name="id">The report's id.</param>
/// <param name="time">When AWS IoT received it, in milliseconds.</param>
/// <param name="deadline">Until when it waits for its predecessor, in milliseconds.</param>
/// <param name="keys">The metrics.</param>
/// <param name="values">What it says of each; null where it leaves one out.</param>
internal sealed class PendingReport(long id, long time, long deadline, ulong[] keys, Measurement?[] values)
{
    public long Id => id;

    public long Time => time;

    public long Deadline => deadline;

    public ulong[] Keys => keys;

    public Measurement?[] Values => values;

    /// <summary>About how many bytes it takes in the state.</summary>
    public int Size => 24 + values.Sum(SizeOf);

    public Measurement? Of(ProfileSet set, int index)
    {
        if (ReferenceEquals(keys, set.MetricKeys))
        {
            return values[index];
        }

        int at = Array.IndexOf(keys, set.MetricKeys[index]);
        return at < 0 ? null : values[at];
    }

    private static int SizeOf(Measurement? value) => value switch
    {
        null => 0,
        { Number: not null } => 17,
        { Addresses: { } addresses } => 12 + (17 * addresses.Count),
        { Strings: { } strings } => 12 + strings.Sum(text => text.Length + 2),
        _ => 12 + (8 * value.Numbers!.Count),
    };
}
