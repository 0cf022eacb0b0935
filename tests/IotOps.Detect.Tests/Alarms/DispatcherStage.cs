using IotOps.TestKit;

namespace IotOps.Detect.Tests.Alarms;

/// <summary>A dispatcher on a clock that tests move.</summary>
internal sealed class DispatcherStage : IAsyncDisposable
{
    public DispatcherStage(Func<AlarmDispatcherOptions, AlarmDispatcherOptions>? change = null, params RecordingSink[] sinks)
    {
        Sinks = sinks.Length > 0 ? sinks : [new RecordingSink()];
        var options = new AlarmDispatcherOptions { Sinks = Sinks, TimeProvider = Time, LoggerFactory = Log, Random = () => 0.5, DigestAt = null };
        Dispatcher = new AlarmDispatcher(change?.Invoke(options) ?? options);
    }

    public ManualTimeProvider Time { get; } = new();

    public TestLogger Log { get; } = new();

    public RecordingSink[] Sinks { get; }

    public RecordingSink Sink => Sinks[0];

    public AlarmDispatcher Dispatcher { get; }

    /// <summary>Lets time pass in steps, each until there is nothing to do.</summary>
    public async Task PassAsync(TimeSpan time, int steps = 1)
    {
        await Dispatcher.IdleAsync();
        for (int i = 0; i < steps; i++)
        {
            Time.Advance(time / steps);
            await Dispatcher.IdleAsync();
        }
    }

    public ValueTask DisposeAsync() => Dispatcher.DisposeAsync();
}
