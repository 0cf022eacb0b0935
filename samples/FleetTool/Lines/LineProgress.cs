namespace IotOps.Samples.FleetTool.Lines;

/// <summary>One line on a terminal, renewed a few times a second; nothing where standard error goes to a file.</summary>
internal sealed class LineProgress(TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly bool _isShown = !Console.IsErrorRedirected;
    private long _last = clock.GetTimestamp();
    private long _lines;
    private long _bytes;
    private bool _isThere;

    public void Add(int bytes)
    {
        _bytes += bytes;

        // Asking for the time of each line would cost more than reading it.
        if (++_lines % 1_024 == 0 && _isShown && clock.GetElapsedTime(_last) >= Interval)
        {
            _last = clock.GetTimestamp();
            _isThere = true;
            Console.Error.Write($"\r{_lines} lines, {_bytes / 1e6:0} MB\u001B[K");
        }
    }

    public void Dispose()
    {
        if (_isThere)
        {
            Console.Error.Write("\r\u001B[K");
            _isThere = false;
        }
    }
}
