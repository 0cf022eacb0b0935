using IotOps.Fleet;
using IotOps.Fleet.Tests.Digests;
using IotOps.Fleet.Tests.Trail;
using IotOps.FleetConsole.Tests.Lab;
using IotOps.Samples.FleetConsole.Feeds;
using IotOps.Samples.FleetConsole.Store;
using IotOps.TestKit;

namespace IotOps.FleetConsole.Tests.Feeds;

public sealed class TrailFeedTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Day = SignedTrail.Day;

    private readonly TempDirectory _data = new();
    private readonly ManualTimeProvider _clock = new(Day.AddHours(4));
    private readonly FeedProgress _progress = new();
    private readonly SignedTrail _trail = new();
    private SqliteConsoleStore _store = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _store = await SqliteConsoleStore.OpenAsync(_data["console.db"], clock: _clock, cancellationToken: Cancel);

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _data.Dispose();
    }

    [Fact]
    public async Task A_feed_that_is_started_again_goes_on_where_it_was()
    {
        Put(Day.AddHours(1), Record("early", Day.AddHours(1)));
        await ReadAsync();
        int opened = _trail.Objects.Opened.Count;

        Put(Day.AddHours(9), Record("next", Day.AddHours(9)));
        _clock.Advance(TimeSpan.FromHours(6));
        await ReadAsync();
        _clock.Advance(TimeSpan.FromHours(6));
        await ReadAsync();

        (await IdsAsync()).ShouldBe(["next", "early"]);
        _trail.Objects.Opened.Skip(opened).ShouldAllBe(key => key == _trail.LogKey(Day.AddHours(9), 'A'), "what was read before is not read again");
        _progress.Problems.ShouldBe(0, _progress.LastProblem);
    }

    [Fact]
    public async Task A_record_that_is_delivered_a_quarter_of_an_hour_late_is_found()
    {
        Put(Day.AddHours(3), Record("in time", Day.AddHours(3)));
        await ReadAsync();

        Put(Day.AddHours(4).AddMinutes(10), Record("late", Day.AddHours(4).AddMinutes(-5)));
        _clock.Advance(TimeSpan.FromMinutes(12));
        await ReadAsync();

        (await IdsAsync()).ShouldBe(["late", "in time"]);
        _progress.Added.ShouldBe(2);
    }

    [Fact]
    public async Task A_file_that_is_damaged_and_a_record_that_is_too_large_cost_themselves()
    {
        Put(Day.AddHours(1), Record("good", Day.AddHours(1)), Record("large", Day.AddHours(1), new string('x', 300_000)), Record("good too", Day.AddHours(1)));
        _trail.Objects.Put(_trail.LogKey(Day.AddHours(2), 'B'), Records.Gzip("""{"Records":[{"eventID":"cut off" """)[..^9]);
        Put(Day.AddHours(3), Record("behind", Day.AddHours(3)));

        await ReadAsync();

        (await IdsAsync()).ShouldBe(["behind", "good", "good too"], ignoreOrder: true);
        _progress.Problems.ShouldBeGreaterThan(0);
        _progress.Refused.ShouldBe(1);
    }

    [Fact]
    public async Task A_feed_that_ended_before_it_knew_that_its_records_were_stored_has_each_once()
    {
        for (int hour = 0; hour < 4; hour++)
        {
            Put(Day.AddHours(hour), [.. Enumerable.Range(0, 2_000).Select(i => Record($"{hour}-{i}", Day.AddHours(hour).AddMilliseconds(i)))]);
        }

        for (int batches = 1; batches < 4; batches++)
        {
            using var ends = new EndingStore(_store, batches);
            await Should.ThrowAsync<OperationCanceledException>(Feed().ReadAsync(ends, _progress, ends.Ended));
        }

        await ReadAsync();

        (await _store.ReadStatusAsync(Cancel)).Events.ShouldBe(8_000);
        (await _store.ReadTrailActorsAsync(new TimeRange(Day, Day.AddDays(1)), Cancel)).Sum(one => one.Writes).ShouldBe(8_000);
    }

    [Fact]
    public async Task Each_hour_is_checked_once_when_its_digest_is_due_also_by_a_feed_that_was_ended()
    {
        _trail.WithHours(3);
        using (var ends = new EndingStore(_store, 1))
        {
            await Should.ThrowAsync<OperationCanceledException>(Feed().CheckAsync(ends, _trail, _progress, ends.Ended));
        }

        await Feed().CheckAsync(_store, _trail, _progress, Cancel);
        _trail.Objects.Remove(_trail.LogKey(3));
        _trail.WithHours(1, first: 3);
        _trail.Objects.Remove(_trail.LogKey(3));
        _clock.Advance(TimeSpan.FromHours(2));
        await Feed().CheckAsync(_store, _trail, _progress, Cancel);

        IReadOnlyList<TrailHour> hours = await _store.ReadTrailHoursAsync(new TimeRange(Day, Day.AddHours(5)), Cancel);
        hours.Select(hour => hour.Verdict).ShouldBe([DigestVerdict.Verified, DigestVerdict.Verified, DigestVerdict.Verified, DigestVerdict.Gap, DigestVerdict.Unverified]);
        _progress.Repeated.ShouldBe(0);
    }

    private static string Record(string id, DateTimeOffset time, string more = "") =>
        $$$"""{"eventVersion":"1.08","eventID":"{{{id}}}","eventTime":"{{{time:yyyy-MM-ddTHH:mm:ssZ}}}","eventSource":"iot.amazonaws.com","eventName":"CreatePolicyVersion","awsRegion":"eu-west-1","readOnly":false,"userIdentity":{"type":"IAMUser","userName":"ada"},"requestParameters":{"policyName":"fleet","more":"{{{more}}}"}}""";

    private void Put(DateTimeOffset delivered, params string[] records) => _trail.Objects.Put(_trail.LogKey(delivered, 'A'), Records.Gzip(Records.File(records)));

    private TrailFeed Feed() => new(
        new TrailSearchOptions { Objects = _trail.Objects, Bucket = SignedTrail.Bucket, Accounts = ["123456789012"], Regions = ["eu-west-1"] }, _trail, Day, _clock);

    private Task ReadAsync() => Feed().ReadAsync(_store, _progress, Cancel);

    private async Task<IEnumerable<string>> IdsAsync() => (await _store.ReadTrailAsync(new TrailRowQuery(new TimeRange(Day, Day.AddDays(1))), cancellationToken: Cancel)).Select(row => row.EventId);
}
