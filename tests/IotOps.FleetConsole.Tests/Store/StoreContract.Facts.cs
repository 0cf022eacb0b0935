using IotOps.Fleet;
using IotOps.Samples.FleetConsole.Store;

namespace IotOps.FleetConsole.Tests.Store;

public abstract partial class StoreContract
{
    [Fact]
    public async Task Who_is_connected_is_told_by_versions_in_any_order_of_delivery()
    {
        LifecycleEvent[] events =
        [
            Connected("A", 0, Noon), Disconnected("A", 0, Noon.AddMinutes(1)), Connected("A", 1, Noon.AddMinutes(1)),
            Connected("B", 5, Noon), Disconnected("B", 5, Noon.AddMinutes(7)), Disconnected("C", 2, Noon.AddMinutes(2)),
        ];
        await Store.AppendAsync(new ConsoleBatch { Lifecycle = [.. events.Reverse(), .. events], Things = [new ThingFacts("A", ["north"], "{}"), new ThingFacts("B", ["north"], "{}")] }, Cancel);

        IReadOnlyList<SegmentConnectivity> segments = await Store.ReadConnectivityAsync(Noon.AddMinutes(5), Cancel);
        segments.ShouldBe([new SegmentConnectivity("", 3, 1, 1), new SegmentConnectivity("north", 2, 1, 1)]);
        segments[0].Offline.ShouldBe(2);
        (await Store.FindClientAsync("A", Cancel)).ShouldBe(new ClientState("A", true, Noon.AddMinutes(1)) { Address = "192.0.2.1", Principal = "cert" });
        (await Store.FindClientAsync("B", Cancel)).ShouldNotBeNull().Reason.ShouldBe("CONNECTION_LOST");
        (await Store.ReadClientsAsync(isConnected: false, cancellationToken: Cancel)).Select(one => one.Client).ShouldBe(["B", "C"]);
        (await Store.ReadClientsAsync("north", after: "A", cancellationToken: Cancel)).Select(one => one.Client).ShouldBe(["B"]);
        (await Store.ReadConnectionsAsync("A", Day, cancellationToken: Cancel)).Select(one => one.Time).ShouldBe([Noon.AddMinutes(1), Noon.AddMinutes(1), Noon]);
        (await Store.ReadStatusAsync(Cancel)).Events.ShouldBe(6);
    }

    [Fact]
    public async Task The_number_of_clients_offline_is_told_back_in_time()
    {
        await Store.AppendAsync(
            new ConsoleBatch
            {
                Lifecycle =
                [
                    Connected("A", 0, Noon.AddHours(-3)), Connected("B", 0, Noon.AddHours(-3)), Connected("C", 0, Noon.AddHours(-3)),
                    Disconnected("A", 0, Noon.AddMinutes(1)), Disconnected("B", 0, Noon.AddMinutes(6)), Connected("A", 1, Noon.AddMinutes(11)), Disconnected("C", 0, Noon.AddHours(5)),
                ],
            },
            Cancel);

        IReadOnlyList<ConnectivityBar> bars = await Store.ReadConnectivityChartAsync(new TimeRange(Noon.AddMinutes(-5), Noon.AddMinutes(20)), TimeSpan.FromMinutes(5), cancellationToken: Cancel);

        bars.Select(bar => bar.Offline).ShouldBe([0, 1, 2, 1, 1]);
        bars.Select(bar => bar.Disconnected).ShouldBe([0, 1, 1, 0, 0]);
        bars[3].Connected.ShouldBe(1);
    }

    [Fact]
    public async Task A_thing_that_no_event_told_of_counts_as_the_index_has_it()
    {
        await Store.AppendAsync(new ConsoleBatch { Things = [new ThingFacts("A", ["north"], "{\"a\":1}") { IsConnected = true, ConnectedSince = Noon }, new ThingFacts("B", [], "{}") { IsConnected = false }] }, Cancel);
        (await Store.ReadConnectivityAsync(Noon, Cancel))[0].ShouldBe(new SegmentConnectivity("", 2, 1, 1));

        await Store.AppendAsync(new ConsoleBatch { Lifecycle = [Disconnected("A", 0, Noon.AddMinutes(1))], Things = [new ThingFacts("A", ["south"], "{\"a\":2}") { IsConnected = true }] }, Cancel);

        (await Store.ReadConnectivityAsync(Noon, Cancel)).ShouldBe([new SegmentConnectivity("", 2, 0, 1), new SegmentConnectivity("south", 1, 0, 1)]);
        ThingFacts thing = (await Store.FindThingAsync("A", Cancel)).ShouldNotBeNull();
        (thing.Json, string.Join(',', thing.Segments)).ShouldBe(("{\"a\":2}", "south"));
        (await Store.FindThingAsync("nobody", Cancel)).ShouldBeNull();
        (await Store.ReadThingsAsync(Cancel).ToListAsync(Cancel)).Select(one => one.Name).ShouldBe(["A", "B"]);
    }

    [Fact]
    public async Task The_latest_telling_of_a_finding_wins_in_any_order()
    {
        ConsoleFinding open = Finding("k", FindingSeverity.High, Noon, Noon) with { Members = ["A", "B\"%"], Count = 3, Expected = 0.5, Probability = 1e-9 };
        ConsoleFinding cleared = open with { Updated = Noon.AddMinutes(5), State = FindingState.Cleared };
        await Store.AppendAsync(new ConsoleBatch { Findings = [cleared] }, Cancel);
        await Store.AppendAsync(new ConsoleBatch { Findings = [open] }, Cancel);
        (await Store.ReadFindingsAsync(new FindingQuery { State = FindingState.Open }, Cancel)).ShouldBeEmpty();

        ConsoleFinding found = (await Store.ReadFindingsAsync(new FindingQuery { Thing = "B\"%" }, Cancel)).ShouldHaveSingleItem();
        (found.State, found.Count, found.Expected, found.Probability, string.Join(' ', found.Members)).ShouldBe((FindingState.Cleared, 3, 0.5, 1e-9, "A B\"%"));
        (await Store.ReadFindingsAsync(new FindingQuery { Thing = "B" }, Cancel)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Findings_come_by_severity_and_age()
    {
        await Store.AppendAsync(
            new ConsoleBatch
            {
                Findings =
                [
                    Finding("1", FindingSeverity.Low, Noon.AddDays(-40), Noon), Finding("2", FindingSeverity.Critical, Noon.AddHours(-1), Noon),
                    Finding("3", FindingSeverity.High, Noon.AddDays(-2), Noon) with { Source = FindingSource.Detect }, Finding("4", FindingSeverity.High, Noon.AddDays(-20), Noon) with { State = FindingState.Suppressed },
                ],
            },
            Cancel);

        (await Store.ReadFindingsAsync(new FindingQuery(), Cancel)).Select(one => one.Key).ShouldBe(["2", "3", "4", "1"]);
        (await Store.ReadFindingsAsync(new FindingQuery { Severity = FindingSeverity.High, Sources = [FindingSource.Audit], State = FindingState.Open }, Cancel)).Select(one => one.Key).ShouldBe(["2"]);
        (await Store.ReadFindingsAsync(new FindingQuery { Found = new TimeRange(Noon.AddDays(-3), Noon), Skip = 1, Limit = 1 }, Cancel)).Select(one => one.Key).ShouldBe(["3"]);
        (await Store.ReadFindingAgesAsync(Noon, cancellationToken: Cancel)).ShouldBe(
        [
            new FindingAge(FindingSeverity.Critical, 1, 0, 0, 0), new FindingAge(FindingSeverity.High, 0, 1, 0, 0), new FindingAge(FindingSeverity.Medium, 0, 0, 0, 0), new FindingAge(FindingSeverity.Low, 0, 0, 0, 1),
        ]);
        (await Store.ReadStatusAsync(Cancel)).OpenFindings.OrderBy(one => one.Key).ShouldBe([KeyValuePair.Create(FindingSource.Audit, 1L), KeyValuePair.Create(FindingSource.Detect, 1L)]);
    }

    [Fact]
    public async Task The_trail_is_read_page_by_page_with_what_its_digests_say()
    {
        TrailRow[] rows = [.. Enumerable.Range(0, 30).Select(i => new TrailRow($"id-{i}", Noon.AddMinutes(i / 2), i % 2 == 0 ? "iot.amazonaws.com" : "greengrass.amazonaws.com", i % 3 == 0 ? "CreatePolicy" : "GetPolicy")
        {
            Actor = i % 2 == 0 ? "pipeline" : "ops",
            IsWrite = i % 3 == 0,
            Resource = $"fleet_{i}",
            Json = $"{{\"i\":{i}}}",
        })];
        await Store.AppendAsync(new ConsoleBatch { Trail = [.. rows, .. rows.Take(5)], Digests = [new DigestHour(Noon, DigestVerdict.Verified, null, Noon.AddHours(1)), new DigestHour(Noon.AddHours(1), DigestVerdict.Gap, "missing", Noon.AddHours(2))] }, Cancel);
        await Store.AppendAsync(new ConsoleBatch { Digests = [new DigestHour(Noon, DigestVerdict.Invalid, "stale", Noon)] }, Cancel);

        List<TrailRow> read = [];
        for (LineKey? after = null; ; after = read[^1].Key)
        {
            IReadOnlyList<TrailRow> page = await Store.ReadTrailAsync(new TrailRowQuery(Day), after, 7, Cancel);
            read.AddRange(page);
            if (page.Count < 7)
            {
                break;
            }
        }

        read.Select(row => row.EventId).Order(StringComparer.Ordinal).ShouldBe(rows.Select(row => row.EventId).Order(StringComparer.Ordinal));
        read.Select(row => row.Time).ShouldBeInOrder(SortDirection.Descending);
        read.Single(row => row.EventId == "id-3").ShouldBe(rows[3]);
        (await Store.ReadTrailAsync(new TrailRowQuery(Day) { IsWritesOnly = true, Actor = "ops", Text = "FLEET_" }, cancellationToken: Cancel)).Select(row => row.EventId).ShouldBe(["id-27", "id-21", "id-15", "id-9", "id-3"]);
        (await Store.ReadTrailHoursAsync(new TimeRange(Noon, Noon.AddHours(3)), Cancel)).ShouldBe(
        [
            new TrailHour(Noon, 10, DigestVerdict.Verified, null), new TrailHour(Noon.AddHours(1), 0, DigestVerdict.Gap, "missing"), new TrailHour(Noon.AddHours(2), 0, DigestVerdict.Unverified, null),
        ]);
        (await Store.ReadTrailActorsAsync(Day, Cancel)).Select(one => (one.Actor, one.Writes)).ShouldBe([("ops", 5), ("pipeline", 5)]);
        (await Store.ReadStatusAsync(Cancel)).LastDigest.ShouldNotBeNull().Hour.ShouldBe(Noon.AddHours(1));
    }

    [Fact]
    public async Task An_older_document_does_not_replace_a_later_one()
    {
        await Store.AppendAsync(new ConsoleBatch { Documents = [new DeviceDocument("A", DeviceDocument.Shadow, Noon, "{\"v\":2}"), new DeviceDocument("A", DeviceDocument.Report, Noon, "{}")] }, Cancel);
        await Store.AppendAsync(new ConsoleBatch { Documents = [new DeviceDocument("A", DeviceDocument.Shadow, Noon.AddMinutes(-1), "{\"v\":1}")] }, Cancel);
        (await Store.ReadDocumentsAsync("A", Cancel)).Select(one => (one.Name, one.Json)).ShouldBe([("report", "{}"), ("shadow", "{\"v\":2}")]);
    }

    [Fact]
    public async Task Audit_rows_are_numbered_and_come_latest_first()
    {
        for (int i = 0; i < 5; i++)
        {
            await Store.AppendAuditAsync(new AuditRow(Noon.AddSeconds(i), "ada", "responder", "quarantine.run", $"THING{i}", "granted") { Address = "127.0.0.1" }, Cancel);
        }

        IReadOnlyList<AuditRow> first = await Store.ReadAuditAsync(limit: 2, cancellationToken: Cancel);
        IReadOnlyList<AuditRow> next = await Store.ReadAuditAsync(first[^1].Number, 10, Cancel);
        first.Concat(next).Select(row => row.Target).ShouldBe(["THING4", "THING3", "THING2", "THING1", "THING0"]);
    }

    private static ConsoleFinding Finding(string key, FindingSeverity severity, DateTimeOffset found, DateTimeOffset updated) => new(key, FindingSource.Audit, severity, "CHECK", "thing A", "why", found, updated);
}
