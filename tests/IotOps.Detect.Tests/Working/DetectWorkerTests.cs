using System.Text;
using IotOps.TestKit;
using Microsoft.Extensions.Logging;

namespace IotOps.Detect.Tests.Working;

public sealed class DetectWorkerTests : IAsyncLifetime
{
    private readonly TempDirectory _directory = new();
    private readonly ManualTimeProvider _time = new();
    private SqliteDetectStore _store = null!;
    private SqliteDetectInbox _inbox = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _store = await SqliteDetectStore.OpenAsync(new SqliteDetectStoreOptions { Path = Path.Combine(_directory.Path, "store.db") }, Token);
        _inbox = await SqliteDetectInbox.OpenAsync(
            new SqliteDetectInboxOptions { Path = Path.Combine(_directory.Path, "inbox.db"), MaxDeliveries = 100, TimeProvider = _time }, Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        await _inbox.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task A_batch_is_evaluated_committed_and_deleted()
    {
        await PutAsync(EveryThird.Message("pump-1", 2), EveryThird.Message("pump-2", 3), EveryThird.Message("pump-1", 3), EveryThird.Message("pump-1", 2));
        using DetectWorker worker = Worker();
        await WorkAsync(worker);

        (await _inbox.CountAsync(Token)).ShouldBe((0, 0));
        (await AlarmsAsync()).ShouldBe(["pump-1:3", "pump-2:3"]);
        worker.Statistics.ShouldBe(new DetectWorkerStatistics(Received: 4, Unreadable: 0, Events: 4, Late: 0, Duplicates: 1, Alarms: 2, Conflicts: 0, Failed: 0));
    }

    [Fact]
    public async Task A_message_that_cannot_be_read_costs_itself_only_and_stays_in_the_inbox()
    {
        var logger = new TestLogger();
        await PutAsync("{", EveryThird.Message("pump-1", 3), "");
        using DetectWorker worker = Worker(logger: logger);
        await WorkAsync(worker);

        (await _inbox.CountAsync(Token)).ShouldBe((2, 0));
        (await AlarmsAsync()).ShouldBe(["pump-1:3"]);
        worker.Statistics.Unreadable.ShouldBe(2);
        logger.Entries.Count(entry => entry.Level == LogLevel.Warning).ShouldBe(2);
    }

    [Fact]
    public async Task A_thing_whose_evaluation_fails_costs_itself_only_and_its_messages_stay()
    {
        await PutAsync(EveryThird.Message("bad", 3), EveryThird.Message("pump-1", 3));
        using DetectWorker worker = Worker((record, thing, events, now) =>
            thing == "bad" ? throw new InvalidOperationException("no") : EveryThird.Evaluate(record, thing, events, now));
        await WorkAsync(worker);

        (await _inbox.CountAsync(Token)).ShouldBe((1, 0));
        (await AlarmsAsync()).ShouldBe(["pump-1:3"]);
        worker.Statistics.Failed.ShouldBe(1);
    }

    [Fact]
    public async Task A_record_that_another_worker_changed_meanwhile_is_evaluated_again()
    {
        await PutAsync(EveryThird.Message("pump-1", 3));
        var store = new OvertakenStore(_store, new DetectChange("pump-1", 0, Encoding.UTF8.GetBytes("6"), null, []));
        using var worker = new DetectWorker(new DetectWorkerOptions { Inbox = _inbox, Store = store, Engine = NoProfiles, TimeProvider = _time }, EveryThird.Evaluate);
        await WorkAsync(worker);

        (await StateAsync("pump-1")).ShouldBe("3 6");
        (await AlarmsAsync()).ShouldBe(["pump-1:3"]);
        (worker.Statistics.Conflicts, worker.Statistics.Alarms).ShouldBe((1, 1));
    }

    [Fact]
    public async Task Repetitions_write_nothing()
    {
        await PutAsync(EveryThird.Message("pump-1", 1));
        using DetectWorker worker = Worker();
        await WorkAsync(worker);
        await PutAsync(EveryThird.Message("pump-1", 1));
        await WorkAsync(worker);
        (await _store.ReadAsync(["pump-1"], Token)).Single().Version.ShouldBe(1);
    }

    [Fact]
    public async Task A_thing_that_is_due_is_evaluated_without_a_message_once()
    {
        await _store.CommitAsync([new DetectChange("pump-1", 0, Encoding.UTF8.GetBytes("1"), _time.GetUtcNow().AddSeconds(90), [])], Token);
        List<int> events = [];
        using DetectWorker worker = Worker((record, thing, given, now) =>
        {
            events.Add(given.Count);
            return new DetectVerdict(record?.State ?? new byte[1], null, [new StoredAlarm("due", now, "{}"u8.ToArray())], 0, 0);
        });

        await PutAsync(EveryThird.Message("other", 1));
        await worker.ReceiveAsync(Token);
        _time.Advance(TimeSpan.FromMinutes(1));
        events.Clear();
        await worker.HandleDueAsync(Token);
        events.ShouldBeEmpty();
        _time.Advance(TimeSpan.FromSeconds(30));
        await worker.HandleDueAsync(Token);
        await worker.HandleDueAsync(Token);
        events.ShouldBe([0]);
        (await AlarmsAsync()).ShouldBe(["due"]);
    }

    [Fact]
    public async Task Things_are_due_only_once_the_inbox_was_read_for_a_minute_or_after_five_minutes()
    {
        await _store.CommitAsync([new DetectChange("pump-1", 0, Encoding.UTF8.GetBytes("1"), _time.GetUtcNow(), [])], Token);
        int evaluated = 0;
        using DetectWorker behind = Worker((record, thing, given, now) =>
        {
            evaluated++;
            return new DetectVerdict(record?.State ?? new byte[1], null, [], 0, 0);
        });
        await behind.HandleDueAsync(Token);
        evaluated.ShouldBe(0);

        await PutAsync(EveryThird.Message("other", 1));
        await behind.ReceiveAsync(Token);
        await behind.HandleDueAsync(Token);
        evaluated.ShouldBe(1);
        _time.Advance(TimeSpan.FromMinutes(1));
        await behind.HandleDueAsync(Token);
        evaluated.ShouldBe(2);

        using DetectWorker hopeless = Worker((record, thing, given, now) => new DetectVerdict(record!.State, null, [], 0, 0));
        _time.Advance(TimeSpan.FromMinutes(5));
        await hopeless.HandleDueAsync(Token);
        (await _store.ReadDueAsync(_time.GetUtcNow(), 10, Token)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_stop_ends_the_batch_in_hand_and_then_the_run()
    {
        await PutAsync(EveryThird.Message("pump-1", 3));
        using var stop = new CancellationTokenSource();
        using DetectWorker worker = Worker((record, thing, events, now) =>
        {
            stop.Cancel();
            return EveryThird.Evaluate(record, thing, events, now);
        });
        await worker.RunAsync(stop.Token);
        (await _inbox.CountAsync(Token)).ShouldBe((0, 0));
        (await AlarmsAsync()).ShouldBe(["pump-1:3"]);
    }

    [Fact]
    public async Task A_drain_ends_when_the_inbox_is_empty_and_has_judged_what_was_due()
    {
        await _inbox.DisposeAsync();
        _inbox = await SqliteDetectInbox.OpenAsync(
            new SqliteDetectInboxOptions { Path = Path.Combine(_directory.Path, "inbox.db"), Wait = TimeSpan.Zero, TimeProvider = _time }, Token);
        await PutAsync([.. Enumerable.Range(1, 450).Select(i => EveryThird.Message($"pump-{i % 50}", 1 + (i / 50)))]);
        await _store.CommitAsync([new DetectChange("due", 0, default, _time.GetUtcNow(), [])], Token);
        List<string> due = [];
        using DetectWorker worker = Worker((record, thing, events, now) =>
        {
            if (events.Count > 0)
            {
                return EveryThird.Evaluate(record, thing, events, now);
            }

            due.Add(thing);
            return new DetectVerdict(default, null, [], 0, 0);
        });

        await worker.DrainAsync(Token);

        (await _inbox.CountAsync(Token)).ShouldBe((0, 0));
        worker.Statistics.Received.ShouldBe(450);
        worker.Statistics.Alarms.ShouldBe(150);
        due.ShouldBe(["due"]);
    }

    // Ten disconnects of one window, found after an hour without a worker and in batches of three: judged by the first batch they would be three.
    [Theory]
    [InlineData("a run by a timer")]
    [InlineData("a worker that was started again")]
    [InlineData("a worker whose inbox was out of reach")]
    public async Task Windows_of_an_outage_are_judged_when_the_inbox_is_read_and_not_by_their_first_events(string kind)
    {
        DetectProfile profile = DetectProfile.Parse(Encoding.UTF8.GetBytes(
            """{"securityProfileName":"p","behaviors":[{"name":"b","metric":"aws:num-disconnects","criteria":{"comparisonOperator":"less-than","value":{"count":10},"durationSeconds":300}}]}"""));
        await _inbox.DisposeAsync();
        _inbox = await SqliteDetectInbox.OpenAsync(
            new SqliteDetectInboxOptions { Path = Path.Combine(_directory.Path, "inbox.db"), Wait = TimeSpan.Zero, TimeProvider = _time }, Token);
        DetectWorkerOptions options = new() { Inbox = _inbox, Store = _store, Engine = new DetectEngine(new DetectEngineOptions { Profiles = [profile] }), TimeProvider = _time, Receivers = 1, BatchSize = 3 };
        using var before = new DetectWorker(options);
        await PutAsync(Disconnected(0));
        await before.DrainAsync(Token);
        DateTimeOffset outage = _time.GetUtcNow().AddMinutes(30);
        _time.Advance(TimeSpan.FromHours(1));
        await PutAsync([.. Enumerable.Range(1, 10).Select(version => Disconnected(version, outage))]);
        using DetectWorker worker = kind.EndsWith("reach", StringComparison.Ordinal) ? before : new DetectWorker(options);
        if (kind.EndsWith("timer", StringComparison.Ordinal))
        {
            await worker.DrainAsync(Token);
        }
        else
        {
            while (await worker.ReceiveAsync(Token) > 0)
            {
                (await worker.HandleDueAsync(Token)).ShouldBeFalse();
            }

            worker.Statistics.Alarms.ShouldBe(0);
            _time.Advance(TimeSpan.FromMinutes(1));
            await worker.HandleDueAsync(Token);
        }

        worker.Statistics.ShouldSatisfyAllConditions(done => done.Late.ShouldBe(0), done => done.Events.ShouldBe(worker == before ? 11 : 10));
        string[] alarms = [.. (await _store.ClaimAlarmsAsync(_time.GetUtcNow(), _time.GetUtcNow(), 10, Token)).Select(alarm => Encoding.UTF8.GetString(alarm.Json.Span))];
        alarms[0].ShouldContain("\"in-alarm\"");
        alarms[0].ShouldContain("\"value\":10");
    }

    private string Disconnected(int version, DateTimeOffset? at = null) =>
        $$"""{"clientId":"pump-1","timestamp":{{(at ?? _time.GetUtcNow()).ToUnixTimeMilliseconds() + version}},"eventType":"disconnected","sessionIdentifier":"s","principalIdentifier":"p","clientInitiatedDisconnect":false,"disconnectReason":"CONNECTION_LOST","versionNumber":{{version}}}""";

    [Fact]
    public async Task A_drain_whose_inbox_cannot_be_reached_fails()
    {
        using var worker = new DetectWorker(new DetectWorkerOptions { Inbox = new UnreachableInbox(), Store = _store, Engine = NoProfiles, TimeProvider = _time });

        (await Should.ThrowAsync<IOException>(() => worker.DrainAsync(Token))).Message.ShouldBe("no way");
    }

    // Every call to the store and to the inbox is a place to be killed at, before its effect and after it.
    [Fact]
    public async Task A_worker_killed_at_any_call_leaves_the_alarms_of_an_undisturbed_run()
    {
        int kills = 0;
        for (int call = 0; ; call++)
        {
            bool[] reached = [false, false];
            foreach (bool isAfter in new[] { false, true })
            {
                string[] names = [.. Enumerable.Range(0, 7).Select(i => $"pump-{call}-{isAfter}-{i}")];
                await PutAsync([.. Enumerable.Range(0, 35).Select(i => EveryThird.Message(names[i % 7], 1 + (i / 7)))]);
                string[] expected = [.. names.Select(name => $"{name}:3").Order(StringComparer.Ordinal)];
                var point = new KillPoint(call, isAfter);
                List<string> sent = [];
                await RunUntilEmptyAsync(new KillableStore(_store, point), new KillableInbox(_inbox, point), sent);
                int before = sent.Count;
                _time.Advance(TimeSpan.FromMinutes(2));
                await RunUntilEmptyAsync(_store, _inbox, sent);

                sent.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray().ShouldBe(expected, customMessage: $"killed at call {call}, after its effect: {isAfter}");
                (sent.Count - expected.Length).ShouldBeLessThanOrEqualTo(BatchSize, "more repeated than one batch");
                before.ShouldBeLessThanOrEqualTo(expected.Length);
                reached[isAfter ? 1 : 0] = point.WasReached;
                kills += point.WasReached ? 1 : 0;
            }

            if (!reached[0] && !reached[1])
            {
                break;
            }
        }

        kills.ShouldBeGreaterThan(20);
    }

    private const int BatchSize = 10;

    private static readonly DetectEngine NoProfiles = new(new DetectEngineOptions { Profiles = [] });

    // A worker and a forwarder of alarms in turns, until the inbox is empty or the process is killed.
    private async Task RunUntilEmptyAsync(IDetectStore store, IDetectInbox inbox, List<string> sent)
    {
        using var worker = new DetectWorker(new DetectWorkerOptions { Inbox = inbox, Store = store, Engine = NoProfiles, TimeProvider = _time }, EveryThird.Evaluate);
        try
        {
            while ((await _inbox.CountAsync(Token)).Waiting > 0)
            {
                await worker.HandleAsync(await inbox.ReceiveAsync(BatchSize, Token), Token);
                await SendAsync(store, sent);
            }

            await SendAsync(store, sent);
        }
        catch (KilledException)
        {
            // As a kill -9: nothing more happens in this process.
        }
    }

    private async Task SendAsync(IDetectStore store, List<string> sent)
    {
        IReadOnlyList<StoredAlarm> alarms = await store.ClaimAlarmsAsync(_time.GetUtcNow(), _time.GetUtcNow().AddMinutes(1), BatchSize, Token);
        sent.AddRange(alarms.Select(alarm => alarm.Id));
        await store.RemoveAlarmsAsync([.. alarms.Select(alarm => alarm.Id)], Token);
    }

    private DetectWorker Worker(IotOps.Detect.Working.Evaluate? evaluate = null, TestLogger? logger = null) => new(
        new DetectWorkerOptions { Inbox = _inbox, Store = _store, Engine = NoProfiles, TimeProvider = _time, Receivers = 1, LoggerFactory = logger is null ? Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance : logger },
        evaluate ?? EveryThird.Evaluate);

    private async Task WorkAsync(DetectWorker worker) => await worker.HandleAsync(await _inbox.ReceiveAsync(100, Token), Token);

    private Task PutAsync(params string[] bodies) => _inbox.EnqueueAsync([.. bodies.Select(body => new ReadOnlyMemory<byte>(Encoding.UTF8.GetBytes(body)))], Token);

    private async Task<string> StateAsync(string thing) => Encoding.UTF8.GetString((await _store.ReadAsync([thing], Token)).Single().State.Span);

    private async Task<IEnumerable<string>> AlarmsAsync() =>
        (await _store.ClaimAlarmsAsync(_time.GetUtcNow(), _time.GetUtcNow(), 100, Token)).Select(alarm => alarm.Id).Order(StringComparer.Ordinal);
}
