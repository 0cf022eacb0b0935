using System.Net;
using IotOps.Fleet;
using IotOps.FleetConsole.Tests.Lab;
using IotOps.Samples.FleetConsole.Pages.Devices;
using IotOps.Samples.FleetConsole.Store;

namespace IotOps.FleetConsole.Tests.Web;

/// <summary>When a device was online, out of its lifecycle events.</summary>
public sealed class ConnectionLaneTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeRange Hour = new(Noon, Noon.AddHours(1));

    [Fact]
    public void A_lane_is_online_and_offline_as_the_events_say_from_the_state_before_to_the_end() =>
        Text([Row(30, true, "10.0.0.1"), Row(10, false)], Row(-5, true, "10.0.0.1")).ShouldBe(["0-10 on 10.0.0.1", "10-30 off LOST", "30-60 on 10.0.0.1"]);

    [Fact]
    public void Without_an_event_before_nobody_knows_until_the_first_one() =>
        Text([Row(10, false)], null).ShouldBe(["0-10 ?", "10-60 off LOST"]);

    [Fact]
    public void Without_any_event_in_it_a_range_has_the_state_before() =>
        Text([], Row(-5_000, false)).ShouldBe(["0-60 off LOST"]);

    [Fact]
    public void A_connection_from_another_address_is_told_apart() =>
        Text([Row(30, true, "10.9.9.9"), Row(20, false)], Row(-5, true, "10.0.0.1")).ShouldBe(["0-20 on 10.0.0.1", "20-30 off LOST", "30-60 on 10.9.9.9 elsewhere"]);

    [Fact]
    public void A_connection_that_takes_another_over_begins_a_stretch_and_the_same_again_does_not() =>
        Text([Row(40, true, "10.9.9.9"), Row(20, true, "10.0.0.1"), Row(10, false), Row(5, false)], Row(-5, true, "10.0.0.1"))
            .ShouldBe(["0-5 on 10.0.0.1", "5-20 off LOST", "20-40 on 10.0.0.1", "40-60 on 10.9.9.9 elsewhere"]);

    [Fact]
    public void What_begins_or_ends_no_connection_changes_nothing() =>
        Text([new ConnectionRow(Noon.AddMinutes(20), LifecycleEventKind.ConnectFailed, "AUTH_ERROR", null, null), Row(10, false)], null).ShouldBe(["0-10 ?", "10-60 off LOST"]);

    [Fact]
    public void There_is_nothing_after_the_present() =>
        ConnectionStretch.Of([Row(10, false)], null, Hour, Noon.AddMinutes(15))[^1].Until.ShouldBe(Noon.AddMinutes(15));

    [Fact]
    public async Task A_device_s_page_shows_the_lane_with_a_table_of_the_same_and_a_link_keeps_the_range()
    {
        await using ConsoleLab lab = await ConsoleLab.StartAsync();
        using Visitor visitor = lab.Visit();

        string page = WebUtility.HtmlDecode(await visitor.ReadAsync("/device?name=THING00018&range=6h"));

        page.ShouldContain("Connection of THING00018, 09:02–15:03 UTC: offline 1 time, 48 min 0 s in all.");
        page.ShouldContain("Table of the 3 stretches");
        page.ShouldContain("<option value=\"6h\" selected>");
        page.ShouldContain("data-copy-link=\"/device?name=THING00018&from=2026-11-24T09%3A02Z&to=2026-11-24T15%3A03Z\"");
    }

    private static ConnectionRow Row(int minute, bool isConnected, string? address = null) => new(
        Noon.AddMinutes(minute), isConnected ? LifecycleEventKind.Connected : LifecycleEventKind.Disconnected, isConnected ? null : "LOST", address, "cert");

    private static string[] Text(ConnectionRow[] rows, ConnectionRow? before) =>
    [
        .. ConnectionStretch.Of(rows, before, Hour, Noon.AddDays(1)).Select(one =>
            $"{(one.Since - Noon).TotalMinutes}-{(one.Until - Noon).TotalMinutes} {one.IsConnected switch { true => "on", false => "off", null => "?" }} {one.Address ?? one.Reason}{(one.IsFromElsewhere ? " elsewhere" : "")}".TrimEnd()),
    ];
}
