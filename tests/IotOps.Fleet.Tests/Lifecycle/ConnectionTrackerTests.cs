using FsCheck;
using FsCheck.Fluent;
using IotOps.Aws;
using IotOps.TestKit;

namespace IotOps.Fleet.Tests.Lifecycle;

public sealed class ConnectionTrackerTests
{
    private readonly ManualTimeProvider _clock = new();

    [Fact]
    public async Task A_client_that_stays_away_is_reported_after_five_seconds()
    {
        var tracker = new ConnectionTracker(new ConnectionTrackerOptions { TimeProvider = _clock });
        await using IAsyncEnumerator<ClientConnection> reports = tracker.OfflineAsync(TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        Task<bool> report = reports.MoveNextAsync().AsTask();
        tracker.Apply(Event(LifecycleEventKind.Disconnected, 3));
        await WaitingAsync();

        _clock.Advance(TimeSpan.FromSeconds(4.9));
        report.IsCompleted.ShouldBeFalse();
        _clock.Advance(TimeSpan.FromSeconds(0.1));

        (await report).ShouldBeTrue();
        (reports.Current.ClientId, reports.Current.Version, reports.Current.DisconnectReason).ShouldBe(("c", 3L, "CONNECTION_LOST"));
    }

    [Fact]
    public async Task Before_a_report_somebody_looks_and_who_is_connected_after_all_is_not_reported()
    {
        var lookup = new Lookup { ["c"] = true, ["d"] = false };
        var tracker = new ConnectionTracker(new ConnectionTrackerOptions { TimeProvider = _clock, Lookup = lookup });
        await using IAsyncEnumerator<ClientConnection> reports = tracker.OfflineAsync(TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        Task<bool> report = reports.MoveNextAsync().AsTask();
        tracker.Apply(Event(LifecycleEventKind.Disconnected, 0, "c"));
        tracker.Apply(Event(LifecycleEventKind.Disconnected, 0, "d"));
        await WaitingAsync();

        _clock.Advance(TimeSpan.FromSeconds(5));

        (await report).ShouldBeTrue();
        reports.Current.ClientId.ShouldBe("d");
        tracker.Find("c")!.IsConnected.ShouldBeTrue();
        lookup.Asked.ShouldBe(["c", "d"]);
    }

    [Fact]
    public async Task A_client_that_cannot_be_asked_about_is_reported()
    {
        var tracker = new ConnectionTracker(new ConnectionTrackerOptions { TimeProvider = _clock, Lookup = new Lookup() });
        await using IAsyncEnumerator<ClientConnection> reports = tracker.OfflineAsync(TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        Task<bool> report = reports.MoveNextAsync().AsTask();
        tracker.Apply(Event(LifecycleEventKind.Disconnected, 0));
        await WaitingAsync();

        _clock.Advance(TimeSpan.FromSeconds(5));

        (await report).ShouldBeTrue();
    }

    [Fact]
    public void Of_events_in_any_order_and_twice_the_latest_version_decides() =>
        Prop.ForAll(Arb.From(Gen.Choose(0, int.MaxValue)), seed =>
        {
            var random = new Random(seed);
            long first = random.Next(2) == 0 ? 0 : long.MaxValue - 20;
            List<LifecycleEvent> events = [];
            for (int i = 0; i < random.Next(1, 8); i++)
            {
                events.Add(Event(LifecycleEventKind.Connected, first + i, session: $"s{i}"));
                events.Add(Event(LifecycleEventKind.Disconnected, first + i, session: $"s{i}"));
            }

            bool isConnected = random.Next(2) == 0;
            if (isConnected)
            {
                events.RemoveAt(events.Count - 1);
            }

            LifecycleEvent latest = events[^1];
            LifecycleEvent[] arrivals = [.. events, .. events.Where(_ => random.Next(3) == 0)];
            random.Shuffle(arrivals);
            var tracker = new ConnectionTracker();
            foreach (LifecycleEvent one in arrivals)
            {
                tracker.Apply(one, DateTimeOffset.UnixEpoch);
            }

            ClientConnection state = tracker.Find("c")!;
            (state.IsConnected, state.Version).ShouldBe((isConnected, latest.Version!.Value));
        }).Check(Config.QuickThrowOnFailure.WithReplay(20260101, 3).WithMaxTest(2_000));

    [Fact]
    public void A_flapping_client_waits_once()
    {
        var tracker = new ConnectionTracker();
        for (int i = 0; i < 100; i++)
        {
            tracker.Apply(Event(LifecycleEventKind.Disconnected, i), DateTimeOffset.UnixEpoch.AddSeconds(i));
        }

        tracker.TakeOffline(DateTimeOffset.UnixEpoch.AddSeconds(103.9)).ShouldBeEmpty();
        tracker.TakeOffline(DateTimeOffset.UnixEpoch.AddSeconds(104)).ShouldHaveSingleItem().Version.ShouldBe(99);
        tracker.TakeOffline(DateTimeOffset.UnixEpoch.AddSeconds(1_000)).ShouldBeEmpty();
    }

    [Fact]
    public void Clients_beyond_the_limit_are_counted_and_not_tracked()
    {
        var tracker = new ConnectionTracker(new ConnectionTrackerOptions { MaxClients = 1 });

        tracker.Apply(Event(LifecycleEventKind.Connected, 0, "a")).ShouldBe(ConnectionUpdate.Applied);
        tracker.Apply(Event(LifecycleEventKind.Connected, 0, "b")).ShouldBe(ConnectionUpdate.Untracked);
        tracker.Apply(Event(LifecycleEventKind.Disconnected, 0, "a")).ShouldBe(ConnectionUpdate.Applied);

        (tracker.Untracked, tracker.All().Count).ShouldBe((1, 1));
    }

    [Theory]
    [InlineData("{", "The lifecycle event is no JSON")]
    [InlineData("[]", "A lifecycle event is a JSON object.")]
    [InlineData("""{"clientId":"c","timestamp":1}""", "A lifecycle event has a text eventType.")]
    [InlineData("""{"eventType":"x","clientId":"c","timestamp":1}""", "'x' is no eventType of a lifecycle event.")]
    [InlineData("""{"eventType":"connected","timestamp":1}""", "A lifecycle event has a text clientId.")]
    [InlineData("""{"eventType":"connected","clientId":"c","timestamp":1e30,"versionNumber":0}""", "A lifecycle event has a timestamp in milliseconds since 1970.")]
    [InlineData("""{"eventType":"connected","clientId":"c","timestamp":1,"versionNumber":9223372036854775808}""", "connected has a versionNumber, a whole number of 64 bits.")]
    public void What_is_no_lifecycle_event_is_refused(string json, string message) =>
        Should.Throw<FormatException>(() => LifecycleEvent.Parse(System.Text.Encoding.UTF8.GetBytes(json))).Message.ShouldStartWith(message);

    [Fact]
    public void Everything_that_an_event_says_is_read()
    {
        LifecycleEvent failed = LifecycleEvent.Parse("""{"clientId":"c","thingName":"t","timestamp":1573002340451,"eventType":"connect_failed","connectFailureReason":"AUTHORIZATION_FAILED","principalIdentifier":"p","sessionIdentifier":"s","ipAddress":"192.0.2.7"}"""u8);
        LifecycleEvent subscribed = LifecycleEvent.Parse("""{"clientId":"c","timestamp":1,"eventType":"subscribed","topics":["a/b",1]}"""u8);

        (failed.Kind, failed.ConnectFailureReason, failed.ThingName, failed.Principal, failed.Session, failed.IPAddress)
            .ShouldBe((LifecycleEventKind.ConnectFailed, "AUTHORIZATION_FAILED", "t", "p", "s", "192.0.2.7"));
        subscribed.Topics.ShouldBe(["a/b"]);
    }

    private static LifecycleEvent Event(LifecycleEventKind kind, long version, string client = "c", string session = "s") =>
        new(kind, client, DateTimeOffset.UnixEpoch) { Version = version, Session = session, DisconnectReason = "CONNECTION_LOST" };

    // The reader of the reports has set its timer.
    private async Task WaitingAsync()
    {
        while (_clock.ActiveTimers == 0)
        {
            await Task.Yield();
        }
    }

    private sealed class Lookup : Dictionary<string, bool>, IConnectionLookup
    {
        public List<string> Asked { get; } = [];

        public Task<bool?> IsConnectedAsync(string clientId, CancellationToken cancellationToken)
        {
            Asked.Add(clientId);
            return TryGetValue(clientId, out bool isConnected)
                ? Task.FromResult<bool?>(isConnected)
                : throw new AwsException("not now") { Service = "iotdata", Operation = "GetConnection", Code = "ThrottlingException" };
        }
    }
}
