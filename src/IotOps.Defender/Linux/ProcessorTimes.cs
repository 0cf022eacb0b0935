using System.Buffers.Text;

namespace IotOps.Defender.Linux;

/// <summary>How busy the processors were between one look at ROOT/stat and the next. See proc_stat(5).</summary>
internal sealed class ProcessorTimes(ProcPaths paths)
{
    // user nice system idle iowait irq softirq steal; the guest times after them are in user and nice already.
    private const int Columns = 8;
    private const int Idle = 3;
    private const int WaitingForDisk = 4;

    private long _total;
    private long _idle;
    private bool _hasLast;

    /// <summary>0-100; null at the first call, and when no time went by.</summary>
    /// <exception cref="InvalidDataException">The file is not as the kernel writes it.</exception>
    public double? Usage()
    {
        (long total, long idle) = Read();
        (long elapsed, long idled) = (total - _total, idle - _idle);
        bool isKnown = _hasLast && elapsed > 0;
        (_total, _idle, _hasLast) = (total, idle, true);

        // The kernel's idle times may go back a little (it says so in its manual), which gives a little more than 100 or less than 0.
        return isKnown ? Math.Round(Math.Clamp(100.0 * (elapsed - idled) / elapsed, 0, 100), 2) : null;
    }

    private (long Total, long Idle) Read()
    {
        using var lines = new ProcLines(paths.FileSystem, paths.Statistics);
        if (!lines.Next(out ReadOnlySpan<byte> line) || !line.StartsWith("cpu "u8))
        {
            throw lines.MalformedLine();
        }

        long total = 0, idle = 0;
        ReadOnlySpan<byte> rest = line["cpu".Length..];
        for (int i = 0; i < Columns; i++)
        {
            rest = rest.TrimStart((byte)' ');
            if (!Utf8Parser.TryParse(rest, out long ticks, out int digits))
            {
                throw lines.MalformedLine();
            }

            rest = rest[digits..];
            total += ticks;
            idle += i is Idle or WaitingForDisk ? ticks : 0;
        }

        return (total, idle);
    }
}
