using IotOps.Fleet;
using IotOps.FleetConsole.Tests.Lab;
using IotOps.Samples.FleetConsole.Feeds;
using IotOps.Samples.FleetConsole.Store;
using IotOps.TestKit;

namespace IotOps.FleetConsole.Tests.Feeds;

public sealed class ConnectivityWatchTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2023, 10, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly TempDirectory _data = new();
    private readonly ManualTimeProvider _clock = new(Noon);
    private readonly FeedProgress _progress = new();
    private SqliteConsoleStore _store = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _store = await SqliteConsoleStore.OpenAsync(_data["console.db"], clock: _clock, cancellationToken: Cancel);

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _data.Dispose();
    }

    [Fact]
    public async Task An_empty_store_is_waited_for()
    {
        ConnectivityPass pass = Pass();
        (await pass.NextAsync(_store, _progress, Cancel)).ShouldBeFalse();

        await PutAsync(Fleet(20, Noon.AddHours(-2)), Drop(12, Noon.AddHours(-1)), [Connected("LAST", 0, Noon)]);
        await ToTheEndAsync(pass);

        (await FindingsAsync()).ShouldHaveSingleItem().Members.Count.ShouldBe(12);
    }

    [Fact]
    public async Task A_drop_that_grows_ends_an_hour_after_it_began()
    {
        await PutAsync(Fleet(30, Noon.AddHours(-3)), Drop(12, Noon.AddHours(-2)), [Connected("LAST", 0, Noon.AddMinutes(-90))]);
        ConnectivityPass pass = Pass();
        await ToTheEndAsync(pass);
        ConsoleFinding drop = (await FindingsAsync()).ShouldHaveSingleItem();
        (drop.State, drop.Members.Count).ShouldBe((FindingState.Open, 12));

        // It is told once more and it is over, at the same event.
        await PutAsync([.. Enumerable.Range(0, 40).Select(i => Connected("OTHER", i, Noon.AddMinutes(-80 + i)))]);
        await ToTheEndAsync(pass);

        (await FindingsAsync()).ShouldHaveSingleItem().State.ShouldBe(FindingState.Cleared);
    }

    [Fact]
    public async Task Alarms_of_the_past_are_never_open_while_a_new_watch_catches_up()
    {
        await PutAsync(Fleet(20, Noon.AddDays(-6)), Drop(12, Noon.AddDays(-5)), [.. Enumerable.Range(0, 2_500).Select(i => Connected("BUSY", i, Noon.AddDays(-5).AddSeconds(i))), Connected("LAST", 0, Noon)]);
        ConnectivityPass pass = Pass();
        while (await pass.NextAsync(_store, _progress, Cancel))
        {
            (await FindingsAsync()).ShouldAllBe(finding => finding.State == FindingState.Cleared);
        }

        (await FindingsAsync()).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Events_of_last_year_are_searched_too()
    {
        _clock.SetUtcNow(Noon.AddYears(1));
        await PutAsync(Fleet(20, Noon.AddHours(-2)), Drop(12, Noon.AddHours(-1)), [Connected("LAST", 0, Noon)]);

        await ToTheEndAsync(Pass());

        (await FindingsAsync()).ShouldHaveSingleItem().Check.ShouldBe("FleetDrop");
    }

    [Fact]
    public async Task A_watch_that_is_started_again_finds_the_same_alarms()
    {
        await PutAsync(Fleet(20, Noon.AddHours(-2)), Drop(12, Noon.AddMinutes(-30)), [Connected("LAST", 0, Noon)]);
        await ToTheEndAsync(Pass());
        ConsoleFinding first = (await FindingsAsync()).ShouldHaveSingleItem();
        long written = _progress.Added;

        await ToTheEndAsync(Pass());

        ConsoleFinding again = (await FindingsAsync()).ShouldHaveSingleItem();
        (again.Key, again.State, again.Updated, _progress.Added).ShouldBe((first.Key, FindingState.Open, first.Updated, written));
    }

    [Fact]
    public async Task A_watch_that_ended_before_it_knew_that_its_alarm_was_stored_has_it_once()
    {
        await PutAsync(Fleet(20, Noon.AddHours(-2)), Drop(12, Noon.AddMinutes(-30)), [Connected("LAST", 0, Noon)]);
        using var ends = new EndingStore(_store, 1);
        await Should.ThrowAsync<OperationCanceledException>(ToTheEndAsync(Pass(), ends, ends.Ended));

        await ToTheEndAsync(Pass());

        (await FindingsAsync()).ShouldHaveSingleItem().Members.Count.ShouldBe(12);
    }

    [Fact]
    public async Task An_event_that_comes_seconds_late_is_searched_in_its_order()
    {
        ConnectivityPass pass = Pass();
        await PutAsync(Fleet(20, Noon.AddHours(-1)), Drop(9, Noon.AddMinutes(-10)), [Connected("LAST", 0, Noon.AddMinutes(-10).AddSeconds(12))]);
        await ToTheEndAsync(pass);
        (await FindingsAsync()).ShouldBeEmpty("nine devices are no drop of the fleet");

        // Eight seconds after the others; four seconds before the newest event.
        await PutAsync([Disconnected("THING00009", 0, Noon.AddMinutes(-10).AddSeconds(8)), Connected("LAST", 1, Noon)]);
        await ToTheEndAsync(pass);

        (await FindingsAsync()).ShouldHaveSingleItem().Members.ShouldContain(name => name == "THING00009");
    }

    [Fact]
    public async Task An_event_that_comes_minutes_late_counts_and_is_in_nobody_s_way()
    {
        ConnectivityPass pass = Pass();
        await PutAsync(Fleet(20, Noon.AddHours(-1)), [Connected("LAST", 0, Noon.AddMinutes(-20))]);
        await ToTheEndAsync(pass);

        await PutAsync([Disconnected("THING00000", 0, Noon.AddMinutes(-30))], Drop(12, Noon.AddMinutes(-10)), [Connected("LAST", 1, Noon)]);
        await ToTheEndAsync(pass);

        (await _store.ReadConnectivityAsync(Noon, Cancel))[0].Offline.ShouldBe(12);
        (await FindingsAsync()).ShouldHaveSingleItem().Check.ShouldBe("FleetDrop");
        _progress.Problems.ShouldBe(0, _progress.LastProblem);
    }

    [Fact]
    public async Task A_thing_that_cannot_be_read_costs_its_own_segment()
    {
        await _store.AppendAsync(new ConsoleBatch { Things = [new ThingFacts("A", [], "{}"), new ThingFacts("B", [], "[broken"), new ThingFacts("C", ["site north"], """{"thingName":"C","attributes":{"site":"north"}}""")] }, Cancel);
        await PutAsync(Fleet(20, Noon.AddHours(-2)), Drop(12, Noon.AddMinutes(-30)), [Connected("LAST", 0, Noon)]);

        await ToTheEndAsync(Pass());

        _progress.Problems.ShouldBe(2, _progress.LastProblem);
        (await FindingsAsync()).ShouldHaveSingleItem();
    }

    private static LifecycleEvent[] Fleet(int devices, DateTimeOffset time) => [.. Enumerable.Range(0, devices).Select(i => Connected($"THING{i:D5}", 0, time.AddSeconds(i)))];

    private static LifecycleEvent[] Drop(int devices, DateTimeOffset time) => [.. Enumerable.Range(0, devices).Select(i => Disconnected($"THING{i:D5}", 0, time.AddMilliseconds(100 * i)))];

    private static LifecycleEvent Connected(string client, long version, DateTimeOffset time) => new(LifecycleEventKind.Connected, client, time) { Version = version, Session = $"{client}-{version}" };

    private static LifecycleEvent Disconnected(string client, long version, DateTimeOffset time) =>
        new(LifecycleEventKind.Disconnected, client, time) { Version = version, Session = $"{client}-{version}", DisconnectReason = "CONNECTION_LOST" };

    private ConnectivityPass Pass() => new("connectivity", _store, SegmentRules.Default, _clock, watchAddresses: false);

    private async Task PutAsync(params LifecycleEvent[][] events) => await _store.AppendAsync(new ConsoleBatch { Feed = "queue", Lifecycle = [.. events.SelectMany(some => some)] }, Cancel);

    private async Task ToTheEndAsync(ConnectivityPass pass, IConsoleWriter? store = null, CancellationToken? ends = null)
    {
        while (await pass.NextAsync(store ?? _store, _progress, ends ?? Cancel))
        {
        }
    }

    private async Task<IReadOnlyList<ConsoleFinding>> FindingsAsync() => await _store.ReadFindingsAsync(new FindingQuery { Sources = [FindingSource.Connectivity] }, Cancel);
}
