namespace IotOps.Samples.FleetTool.Lines;

/// <summary>How many lines were read, on a terminal.</summary>
internal sealed class LineProgress(TimeProvider clock) : IDisposable
{
    private readonly TerminalProgress _terminal = new(clock);
    private long _lines;
    private long _bytes;

    public void Add(int bytes)
    {
        _bytes += bytes;

        // Asking for the time of each line would cost more than reading it.
        if (++_lines % 1_024 == 0)
        {
            _terminal.Show(() => $"{_lines} lines, {_bytes / 1e6:0} MB");
        }
    }

    public void Dispose() => _terminal.Dispose();
}
