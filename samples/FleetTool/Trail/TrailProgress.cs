using IotOps.Fleet;

namespace IotOps.Samples.FleetTool.Trail;

/// <summary>One line on a terminal, renewed a few times a second; nothing where standard error goes to a file.</summary>
internal sealed class TrailProgress(TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly bool _isShown = !Console.IsErrorRedirected;
    private long _last = clock.GetTimestamp();
    private int _calls;
    private bool _isThere;

    public void Show(CloudTrailStatistics statistics)
    {
        // Asking for the time of each record would cost more than reading it.
        if (!_isShown || ++_calls % 256 != 0 || clock.GetElapsedTime(_last) < Interval)
        {
            return;
        }

        _last = clock.GetTimestamp();
        _isThere = true;
        Console.Error.Write($"\r{statistics.Sources} files, {statistics.Bytes / 1e6:0} MB, {statistics.Records} events\u001B[K");
    }

    public void Clear()
    {
        if (_isThere)
        {
            Console.Error.Write("\r\u001B[K");
            _isThere = false;
        }
    }

    public void Dispose() => Clear();
}
