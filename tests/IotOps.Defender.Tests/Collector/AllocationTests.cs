namespace IotOps.Defender.Tests.Collector;

public sealed class AllocationTests : IDisposable
{
    // A handful of files opened, each with the stream that System.IO.Abstractions wraps around it.
    private const long MostBytes = 2560;

    private readonly FakeProc _proc = new();

    public void Dispose() => _proc.Dispose();

    [Fact]
    public void What_a_collection_allocates_does_not_grow_with_what_it_finds()
    {
        long one = Allocated(1, enough: MostBytes);
        long thousands = Allocated(5000, enough: one + 64);

        one.ShouldBeLessThanOrEqualTo(MostBytes);
        thousands.ShouldBeLessThanOrEqualTo(one + 64);
    }

    private long Allocated(int sockets, long enough)
    {
        _proc.Sockets("tcp", [.. Enumerable.Range(1, sockets).Select(static i => FakeSocket.Connection($"10.0.2.15:{i}", $"198.51.{i >> 8}.{i & 255}:8883"))]);
        _proc.Sockets("tcp6", [.. Enumerable.Range(1, sockets).Select(static i => FakeSocket.Listener($"[2001:db8::5]:{i}"))]);
        _proc.Devices([.. Enumerable.Range(0, 31).Select(static i => ($"eth{i}", 1UL, 2UL, 3UL, 4UL))]);
        var collector = new MetricsCollector(_proc.Options);
        var builder = new DefenderReportBuilder();
        return Allocations.Least(enough, () => collector.Collect(builder));
    }
}
