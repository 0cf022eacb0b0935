namespace IotOps.Samples.FleetConsole.Store;

/// <summary>Counts the rows that a store reads for a page. It follows the caller through its awaits.</summary>
public sealed class ReadMeter
{
    private static readonly AsyncLocal<ReadMeter?> Current = new();

    private long _rows;

    /// <summary>Rows that were read so far.</summary>
    public long Rows => Interlocked.Read(ref _rows);

    /// <summary>Begins to count for this caller, in place of a meter that was begun before.</summary>
    public static ReadMeter Begin() => Current.Value = new ReadMeter();

    internal static void Count(long rows)
    {
        if (Current.Value is { } meter)
        {
            Interlocked.Add(ref meter._rows, rows);
        }
    }
}
