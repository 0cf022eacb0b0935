using System.Runtime.CompilerServices;

namespace IotOps.Detect.Tests.Alarms;

public sealed class AlarmForwarderTests
{
    [Fact]
    public async Task An_alarm_leaves_the_store_only_after_the_sink_took_it()
    {
        var store = new AlarmStore(Enumerable.Range(1, 3).Select(Alarm.Stored));
        await using var stage = new DispatcherStage(sinks: new RecordingSink { OnSend = static (_, _) => throw new AlarmSinkException("away") });
        await using AlarmForwarder forwarder = Forwarder(store, stage);
        await PassAsync(stage, forwarder, TimeSpan.FromMinutes(5), 60);
        store.Ids.Count.ShouldBe(3);
        stage.Sink.Attempts.ShouldNotBeEmpty();

        stage.Sink.OnSend = static (_, _) => Task.CompletedTask;
        await PassUntilAsync(stage, forwarder, () => store.Ids.Count == 0);

        stage.Sink.Taken.ShouldHaveSingleItem().Alarms.Select(alarm => alarm.Id).ShouldBe(["stored-1", "stored-2", "stored-3"]);
    }

    [Fact]
    public async Task A_process_that_ended_before_the_removal_delivers_again()
    {
        var store = new AlarmStore([Alarm.Stored(1)]) { RemoveError = new IOException("no disk") };
        var sink = new RecordingSink();
        await using (var stage = new DispatcherStage(sinks: sink))
        await using (AlarmForwarder forwarder = Forwarder(store, stage))
        {
            await PassUntilAsync(stage, forwarder, () => stage.Log.Entries.Any(entry => entry.Message.Contains("no disk", StringComparison.Ordinal)));
        }

        (sink.Taken.Count, store.Ids.Count).ShouldBe((1, 1));
        store.RemoveError = null;
        await using (var stage = new DispatcherStage(sinks: sink))
        await using (AlarmForwarder forwarder = Forwarder(store, stage))
        {
            await PassUntilAsync(stage, forwarder, () => store.Ids.Count == 0);
        }

        sink.Taken.Count.ShouldBe(2);
        sink.Taken[0].Id.ShouldBe(sink.Taken[1].Id);
    }

    [Fact]
    public async Task Thousands_are_read_page_by_page_and_all_delivered()
    {
        var store = new AlarmStore(Enumerable.Range(1, 2_345).Select(Alarm.Stored));
        await using var stage = new DispatcherStage();
        await using AlarmForwarder forwarder = Forwarder(store, stage);

        await PassUntilAsync(stage, forwarder, () => store.Ids.Count == 0);

        stage.Sink.Taken.Sum(message => message.Count).ShouldBe(2_345);
    }

    [Fact]
    public async Task A_sink_that_is_out_of_reach_and_full_keeps_no_alarm_from_the_others_and_gets_all_of_them_later()
    {
        var store = new AlarmStore(Enumerable.Range(1, 1_200).Select(Alarm.Stored));
        RecordingSink good = new("good"), bad = new("bad") { OnSend = static (_, _) => throw new AlarmSinkException("away") };
        await using var stage = new DispatcherStage(options => options with { MaxPending = 700 }, bad, good);
        await using AlarmForwarder forwarder = Forwarder(store, stage);
        await PassUntilAsync(stage, forwarder, () => good.Taken.Sum(message => message.Count) == 1_200);
        store.Ids.Count.ShouldBe(1_200);

        bad.OnSend = static (_, _) => Task.CompletedTask;
        await PassUntilAsync(stage, forwarder, () => store.Ids.Count == 0);

        good.Taken.Sum(message => message.Count).ShouldBe(1_200);
        bad.Taken.Sum(message => message.Count).ShouldBe(1_200);
    }

    private static AlarmForwarder Forwarder(AlarmStore store, DispatcherStage stage) =>
        new(store, stage.Dispatcher, new AlarmForwarderOptions { TimeProvider = stage.Time, LoggerFactory = stage.Log, Random = () => 0.5 });

    private static async Task PassAsync(DispatcherStage stage, AlarmForwarder forwarder, TimeSpan time, int steps)
    {
        for (int i = 0; i < steps; i++)
        {
            await forwarder.IdleAsync();
            await stage.PassAsync(time / steps);
            await forwarder.IdleAsync();
        }
    }

    private static async Task PassUntilAsync(DispatcherStage stage, AlarmForwarder forwarder, Func<bool> condition)
    {
        while (!condition())
        {
            await PassAsync(stage, forwarder, TimeSpan.FromSeconds(5), 1);
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        }
    }

    private sealed class AlarmStore(IEnumerable<StoredAlarm> alarms) : IDetectStore
    {
        private readonly List<StoredAlarm> _alarms = [.. alarms];
        private readonly Dictionary<string, DateTimeOffset> _claims = new(StringComparer.Ordinal);

        public Exception? RemoveError { get; set; }

        public IReadOnlyList<string> Ids
        {
            get { lock (_alarms) { return [.. _alarms.Select(alarm => alarm.Id)]; } }
        }

        public Task<IReadOnlyList<StoredAlarm>> ClaimAlarmsAsync(DateTimeOffset now, DateTimeOffset claimedUntil, int limit, CancellationToken cancellationToken = default)
        {
            lock (_alarms)
            {
                StoredAlarm[] free = [.. _alarms.Where(alarm => !_claims.TryGetValue(alarm.Id, out DateTimeOffset until) || until <= now).Take(limit)];
                Array.ForEach(free, alarm => _claims[alarm.Id] = claimedUntil);
                return Task.FromResult<IReadOnlyList<StoredAlarm>>(free);
            }
        }

        public Task RemoveAlarmsAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken = default)
        {
            if (RemoveError is { } error)
            {
                throw error;
            }

            lock (_alarms) { _alarms.RemoveAll(alarm => ids.Contains(alarm.Id, StringComparer.Ordinal)); }

            return Task.CompletedTask;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        public Task<IReadOnlyList<DetectRecord>> ReadAsync(IReadOnlyCollection<string> things, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task<IReadOnlyList<string>> CommitAsync(IReadOnlyList<DetectChange> changes, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task<IReadOnlyList<string>> ReadDueAsync(DateTimeOffset until, int limit, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public async IAsyncEnumerable<DetectRecord> ScanAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await Task.CompletedTask;
            yield break;
        }

        public Task<DetectDocument?> ReadDocumentAsync(string name, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task<bool> WriteDocumentAsync(DetectDocument document, CancellationToken cancellationToken = default) => throw new NotSupportedException();
    }
}
