using IotOps.Fleet;
using IotOps.Samples.FleetTool.Lines;

namespace IotOps.Samples.FleetTool.Trail;

/// <summary>How much of a trail was read, on a terminal.</summary>
internal sealed class TrailProgress(TimeProvider clock) : IDisposable
{
    private readonly TerminalProgress _terminal = new(clock);
    private int _calls;

    public void Show(CloudTrailStatistics statistics)
    {
        // Asking for the time of each record would cost more than reading it.
        if (++_calls % 256 == 0)
        {
            _terminal.Show(() => $"{statistics.Sources} files, {statistics.Bytes / 1e6:0} MB, {statistics.Records} events");
        }
    }

    public void Clear() => _terminal.Clear();

    public void Dispose() => _terminal.Dispose();
}
