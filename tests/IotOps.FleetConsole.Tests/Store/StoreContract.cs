using System.Text;
using IotOps.Fleet;
using IotOps.Samples.FleetConsole.Store;
using IotOps.TestKit;

namespace IotOps.FleetConsole.Tests.Store;

/// <summary>What every store does; run against each of them.</summary>
public abstract partial class StoreContract : IAsyncLifetime
{
    /// <summary>A Sunday, 12:00.</summary>
    protected static DateTimeOffset Noon { get; } = new(2023, 10, 1, 12, 0, 0, TimeSpan.Zero);

    protected ManualTimeProvider Clock { get; } = new();

    protected IConsoleStore Store { get; private set; } = null!;

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static TimeRange Day => new(Noon.AddHours(-12), Noon.AddHours(12));

    /// <summary>Opens another store over the same tables.</summary>
    protected abstract Task<IConsoleStore> OpenAsync();

    /// <summary>Ends what <see cref="OpenAsync"/> needs.</summary>
    protected abstract ValueTask EndAsync();

    public async ValueTask InitializeAsync() => Store = await OpenAsync();

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        await EndAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task An_error_that_is_delivered_twice_counts_once()
    {
        LogError error = Error(Noon, "Connect", "AUTHORIZATION_FAILURE", "Authorization Failure");
        (await Store.AppendAsync(new ConsoleBatch { Errors = [error, error] }, Cancel)).Added.ShouldBe(1);
        AppendResult again = await Store.AppendAsync(new ConsoleBatch { Errors = [error] }, Cancel);
        (again.Added, again.Repeated, again.Refused.Count).ShouldBe((0, 1, 0));

        (await Store.ReadErrorChartAsync(new ErrorQuery(Day), Cancel)).Errors.ShouldBe(1);
        (await Store.ReadTemplatesAsync(new ErrorQuery(Day), cancellationToken: Cancel)).ShouldHaveSingleItem().Errors.ShouldBe(1);
        (await Store.ReadLinesAsync(new LineQuery(new ErrorQuery(Day)), cancellationToken: Cancel)).Lines.Count.ShouldBe(1);
        (await Store.ReadStatusAsync(Cancel)).Events.ShouldBe(1);
    }

    [Fact]
    public async Task An_error_that_comes_again_after_its_template_has_widened_counts_once()
    {
        LogError first = Error(Noon, "Rule", "F", "stream telemetry took nothing in time");
        await Store.AppendAsync(new ConsoleBatch { Errors = [first] }, Cancel);
        await Store.AppendAsync(new ConsoleBatch { Errors = [Error(Noon.AddSeconds(1), "Rule", "F", "stream alarms took nothing in time")] }, Cancel);
        await Store.AppendAsync(new ConsoleBatch { Errors = [first] }, Cancel);

        TemplateCount count = (await Store.ReadTemplatesAsync(new ErrorQuery(Day), cancellationToken: Cancel)).ShouldHaveSingleItem();
        count.Errors.ShouldBe(2);
        count.Template.Text.ShouldBe("stream <*> took nothing in time");
    }

    [Fact]
    public async Task A_store_that_is_opened_again_has_what_was_accepted_and_keeps_the_numbers_of_templates()
    {
        await Store.AppendAsync(new ConsoleBatch { Feed = "logs", Position = "17"u8.ToArray(), Errors = [Error(Noon, "Rule", "F", "stream telemetry took nothing in time")] }, Cancel);
        long id = (await Store.ReadTemplatesAsync(new ErrorQuery(Day), cancellationToken: Cancel))[0].Template.Id;

        await using IConsoleStore again = await OpenAsync();
        await again.AppendAsync(new ConsoleBatch { Errors = [Error(Noon.AddSeconds(1), "Rule", "F", "stream alarms took nothing in time")] }, Cancel);

        (await again.ReadPositionAsync("logs", Cancel)).ShouldNotBeNull().ToArray().ShouldBe("17"u8.ToArray());
        (await again.ReadPositionAsync("others", Cancel)).ShouldBeNull();
        TemplateCount count = (await again.ReadTemplatesAsync(new ErrorQuery(Day), cancellationToken: Cancel)).ShouldHaveSingleItem();
        (count.Template.Id, count.Errors).ShouldBe((id, 2));
    }

    [Fact]
    public async Task An_event_that_cannot_be_kept_costs_itself()
    {
        AppendResult result = await Store.AppendAsync(
            new ConsoleBatch
            {
                Errors =
                [
                    Error(Noon, "Connect", "A", "one"),
                    Error(null, "Connect", "A", "without time"),
                    Error(Noon.AddDays(3), "Connect", "A", "from the future"),
                    Error(Noon, "Connect", "A", "nul", client: "a\0b"),
                    new LogError(new IotLogEntry { Time = Noon, IsError = true, Details = "large" }, new byte[300_000]),
                    Error(Noon.AddMinutes(1), "Connect", "A", "two"),
                ],
            },
            Cancel);

        (result.Added, result.Repeated, result.Refused.Count).ShouldBe((2, 0, 4));
        (await Store.ReadErrorChartAsync(new ErrorQuery(Day), Cancel)).Errors.ShouldBe(2);
    }

    [Fact]
    public async Task A_chart_has_a_bar_for_each_bucket_and_its_sum_is_that_of_the_lines()
    {
        List<LogError> errors = [.. Enumerable.Range(0, 500).Select(i => Error(Noon.AddSeconds(7 * i), i % 3 == 0 ? "Connect" : "Publish-In", "R", $"failure {i % 2} of {i}"))];
        await Store.AppendAsync(new ConsoleBatch { Errors = errors }, Cancel);

        foreach (int minutes in new[] { 1, 2, 5, 15, 60, 180 })
        {
            var query = new ErrorQuery(new TimeRange(Noon, Noon.AddHours(1))) { Bucket = TimeSpan.FromMinutes(minutes) };
            ErrorChart chart = await Store.ReadErrorChartAsync(query, Cancel);
            chart.Bars.Count.ShouldBe(Math.Max(1, 60 / minutes), $"{minutes} min");
            chart.Errors.ShouldBe(500, $"{minutes} min");
            chart.Series.ShouldBe(["Publish-In", "Connect"]);
        }

        var part = new ErrorQuery(new TimeRange(Noon.AddMinutes(3), Noon.AddMinutes(47))) { Bucket = TimeSpan.FromMinutes(1) };
        long expected = errors.Count(error => error.Entry.Time >= part.Range.Since && error.Entry.Time < part.Range.Until);
        (await Store.ReadErrorChartAsync(part, Cancel)).Errors.ShouldBe(expected);
        (await Store.ReadTemplatesAsync(part, cancellationToken: Cancel)).Sum(one => one.Errors).ShouldBe(expected);
        (await Store.ReadTemplatesAsync(part, cancellationToken: Cancel)).ShouldAllBe(one => one.Trend.Sum() == one.Errors);
    }

    [Fact]
    public async Task A_surge_is_found_with_what_was_expected()
    {
        List<LogError> errors = [.. Enumerable.Range(0, 720).Select(i => Error(Noon.AddHours(-3).AddSeconds(15 * i), "Connect", "R", $"usual {i}"))];
        errors.AddRange(Enumerable.Range(0, 400).Select(i => Error(Noon.AddMinutes(2).AddMilliseconds(100 * i), "Publish-In", "AUTHORIZATION_FAILURE", $"new {i}")));
        await Store.AppendAsync(new ConsoleBatch { Errors = errors }, Cancel);

        ErrorChart chart = await Store.ReadErrorChartAsync(new ErrorQuery(new TimeRange(Noon.AddHours(-1), Noon.AddMinutes(10))), Cancel);

        ErrorSurge surge = chart.Surges.ShouldHaveSingleItem();
        (surge.Start, surge.End, surge.Errors).ShouldBe((Noon, Noon.AddMinutes(5), 400));
        surge.Expected.ShouldBe(20, 0.01);
        surge.Reason.ShouldBe("Publish-In: 400 instead of 0, new");
        chart.Bars.Single(bar => bar.IsSurge).Expected.ShouldNotBeNull().ShouldBe(20, 0.01);
    }

    [Fact]
    public async Task Templates_are_compared_with_the_time_before()
    {
        List<LogError> errors = [.. Enumerable.Range(0, 10).Select(i => Error(Noon.AddDays(-1).AddSeconds(i), "Connect", "OLD", $"old {i}"))];
        errors.AddRange(Enumerable.Range(0, 4).Select(i => Error(Noon.AddSeconds(i), "Connect", "OLD", $"old {i}")));
        errors.AddRange(Enumerable.Range(0, 6).Select(i => Error(Noon.AddSeconds(i), "Connect", "NEW", $"new {i}")));
        await Store.AppendAsync(new ConsoleBatch { Errors = errors }, Cancel);

        IReadOnlyList<TemplateCount> templates = await Store.ReadTemplatesAsync(new ErrorQuery(new TimeRange(Noon, Noon.AddHours(1))), TimeSpan.FromDays(1), Cancel);

        templates.Select(one => (one.Template.Reason, one.Errors, one.Before, one.IsNew)).ShouldBe([("NEW", 6L, 0L, true), ("OLD", 4L, 10L, false)]);
        templates[1].Template.FirstSeen.ShouldBe(Noon.AddDays(-1));
        (await Store.FindTemplateAsync(templates[0].Template.Id, Cancel)).ShouldBe(templates[0].Template);
        (await Store.FindTemplateAsync(999_999, Cancel)).ShouldBeNull();
    }

    [Fact]
    public async Task Errors_are_drilled_from_a_bucket_to_the_lines_behind_it()
    {
        await Store.AppendAsync(
            new ConsoleBatch
            {
                Errors =
                [
                    .. Enumerable.Range(0, 120).Select(i => Error(Noon.AddMilliseconds(i), "Publish-In", "AUTHORIZATION_FAILURE", "Authorization Failure", $"THING{i % 7:D5}", "cert-a", $"203.0.113.{i % 3}", i % 2 == 0 ? "rule" : null)),
                    .. Enumerable.Range(0, 30).Select(i => Error(Noon.AddMilliseconds(i), "Connect", "THROTTLED", "Rate exceeded")),
                ],
            },
            Cancel);
        TemplateCount worst = (await Store.ReadTemplatesAsync(new ErrorQuery(Day), cancellationToken: Cancel))[0];
        var query = new ErrorQuery(new TimeRange(Noon, Noon.AddMinutes(5))) { Template = worst.Template.Id };

        ErrorValues values = await Store.ReadValuesAsync(query, cancellationToken: Cancel);
        (values.Total, values.Counted).ShouldBe((120, 120));
        (values.Clients.Distinct, values.Clients.Top.Count, values.Clients.Top[0]).ShouldBe((7, 5, KeyValuePair.Create("THING00000", 18L)));
        values.Principals.Top.ShouldBe([KeyValuePair.Create("cert-a", 120L)]);
        values.Addresses.Distinct.ShouldBe(3);
        values.Rules.Top.ShouldBe([KeyValuePair.Create("rule", 60L)]);

        List<LogLineRow> lines = [];
        LineKey? after = null;
        do
        {
            LinePage page = await Store.ReadLinesAsync(new LineQuery(query), after, 50, Cancel);
            lines.AddRange(page.Lines);
            after = LineKey.Parse(page.Next?.ToString());
        }
        while (after is not null);

        lines.Count.ShouldBe(120);
        lines.Select(line => line.Key).Distinct().Count().ShouldBe(120);
        lines.Select(line => line.Time).ShouldBeInOrder();
        lines[0].Line.ShouldContain("Authorization Failure");
        (await Store.ReadLinesAsync(new LineQuery(query) { Client = "THING00003", IsNewestFirst = true }, cancellationToken: Cancel)).Lines.ShouldAllBe(line => line.Client == "THING00003");
        (await Store.ReadLinesAsync(new LineQuery(query) { Address = "198.51.100.1" }, cancellationToken: Cancel)).Lines.ShouldBeEmpty();
        (await Store.ReadLinesAsync(new LineQuery(new ErrorQuery(Day) { EventType = "Connect" }), cancellationToken: Cancel)).Lines.Count.ShouldBe(30);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Lines_of_one_client_come_page_by_page_however_many_it_has(bool isNewestFirst)
    {
        // One that fails all the time, one that fails now and then, over three days.
        LogError[] errors = [.. Enumerable.Range(0, 600).Select(i => Error(Noon.AddMinutes(-7 * i), "Connect", "R", $"failure {i}", i % 90 == 5 ? "RARE" : "BUSY"))];
        await Store.AppendAsync(new ConsoleBatch { Errors = errors }, Cancel);
        TimeRange range = new(Noon.AddDays(-60), Noon.AddMinutes(-30));

        foreach (string client in new[] { "RARE", "BUSY" })
        {
            List<DateTimeOffset> read = [];
            LineKey? after = null;
            do
            {
                LinePage page = await Store.ReadLinesAsync(new LineQuery(new ErrorQuery(range)) { Client = client, IsNewestFirst = isNewestFirst }, after, 4, Cancel);
                page.Lines.ShouldAllBe(line => line.Client == client);
                read.AddRange(page.Lines.Select(line => line.Time));
                after = page.Next;
            }
            while (after is not null);

            IEnumerable<DateTimeOffset> expected = errors.Select(error => error.Entry).Where(entry => entry.ClientId == client && entry.Time < range.Until).Select(entry => entry.Time!.Value);
            read.ShouldBe(isNewestFirst ? expected.OrderDescending() : expected.Order());
        }
    }

    [Fact]
    public async Task Segments_count_the_errors_of_their_things()
    {
        await Store.AppendAsync(
            new ConsoleBatch
            {
                Things = [new ThingFacts("A", ["site north", "firmware 2"], "{}"), new ThingFacts("B", ["site south", "firmware 2"], "{}")],
                Errors = [Error(Noon, "Connect", "R", "x", "A"), Error(Noon, "Connect", "R", "y", "B"), Error(Noon, "Connect", "R", "z", "C")],
            },
            Cancel);

        (await Store.ReadSegmentNamesAsync(Cancel)).ShouldBe(["firmware 2", "site north", "site south"]);
        (await Count(null)).ShouldBe(3);
        (await Count("firmware 2")).ShouldBe(2);
        (await Count("site north")).ShouldBe(1);
        (await Count("nowhere")).ShouldBe(0);
        (await Store.ReadLinesAsync(new LineQuery(new ErrorQuery(Day) { Segment = "site south" }), cancellationToken: Cancel)).Lines.ShouldHaveSingleItem().Client.ShouldBe("B");

        async Task<long> Count(string? segment)
        {
            var query = new ErrorQuery(Day) { Segment = segment };
            long chart = (await Store.ReadErrorChartAsync(query, Cancel)).Errors;
            (await Store.ReadTemplatesAsync(query, cancellationToken: Cancel)).Sum(one => one.Errors).ShouldBe(chart);
            (await Store.ReadValuesAsync(query, cancellationToken: Cancel)).Total.ShouldBe(chart);
            return chart;
        }
    }

    [Fact]
    public async Task What_is_older_than_kept_is_dropped_and_does_not_come_back()
    {
        LogError old = Error(Noon.AddDays(-40), "Connect", "R", "old"), recent = Error(Noon, "Connect", "R", "recent");
        await Store.AppendAsync(new ConsoleBatch { Errors = [old, recent], Lifecycle = [Connected("A", 0, Noon.AddDays(-40))] }, Cancel);

        (await Store.MaintainAsync(Noon, Cancel)).ShouldBeGreaterThan(0);
        AppendResult again = await Store.AppendAsync(new ConsoleBatch { Errors = [old, recent] }, Cancel);

        (again.Added, again.Refused.Count).ShouldBe((0, 1));
        TimeRange all = new(Noon.AddDays(-60), Noon.AddDays(1));
        (await Store.ReadLinesAsync(new LineQuery(new ErrorQuery(all)), cancellationToken: Cancel)).Lines.Count.ShouldBe(1);
        (await Store.ReadErrorChartAsync(new ErrorQuery(all) { Bucket = TimeSpan.FromHours(1) }, Cancel)).Errors.ShouldBe(2, "hours are kept for longer");
        (await Store.ReadConnectionsAsync("A", all, cancellationToken: Cancel)).ShouldBeEmpty();
        (await Store.FindClientAsync("A", Cancel)).ShouldNotBeNull().IsConnected.ShouldBeTrue();
    }

    [Fact]
    public async Task A_text_of_a_query_is_no_statement()
    {
        const string Text = "'; DROP TABLE lines; --";
        await Store.AppendAsync(new ConsoleBatch { Errors = [Error(Noon, Text, Text, Text, Text)], Things = [new ThingFacts(Text, [Text], "{}")] }, Cancel);
        var query = new ErrorQuery(Day) { Segment = Text, EventType = Text };
        await Store.ReadErrorChartAsync(query, Cancel);
        await Store.ReadClientsAsync(Text, cancellationToken: Cancel);
        await Store.ReadFindingsAsync(new FindingQuery { Thing = Text }, Cancel);
        await Store.ReadTrailAsync(new TrailRowQuery(Day) { Text = Text, Actor = Text, Service = Text }, cancellationToken: Cancel);
        (await Store.FindThingNamesAsync("';", cancellationToken: Cancel)).ShouldBe([Text]);
        (await Store.FindThingNamesAsync("%", cancellationToken: Cancel)).ShouldBeEmpty();
        (await Store.ReadLinesAsync(new LineQuery(new ErrorQuery(Day)) { Client = Text }, cancellationToken: Cancel)).Lines.Count.ShouldBe(1);
    }

    protected static LogError Error(
        DateTimeOffset? time, string type, string reason, string details, string? client = "THING00001", string? principal = null, string? address = null, string? rule = null) => new(
        new IotLogEntry { Time = time, IsError = true, EventType = type, Reason = reason, Details = details, ClientId = client, Principal = principal, SourceIp = address, Rule = rule },
        Encoding.UTF8.GetBytes($"{{\"eventType\":\"{type}\",\"reason\":\"{reason}\",\"details\":\"{details}\",\"clientId\":\"{client}\",\"rule\":\"{rule}\",\"ip\":\"{address}\"}}"));

    protected static LifecycleEvent Connected(string client, long version, DateTimeOffset time) => new(LifecycleEventKind.Connected, client, time)
    {
        Version = version,
        Session = $"{client}-{version}",
        IPAddress = "192.0.2.1",
        Principal = "cert",
    };

    protected static LifecycleEvent Disconnected(string client, long version, DateTimeOffset time) => new(LifecycleEventKind.Disconnected, client, time)
    {
        Version = version,
        Session = $"{client}-{version}",
        DisconnectReason = "CONNECTION_LOST",
    };
}
