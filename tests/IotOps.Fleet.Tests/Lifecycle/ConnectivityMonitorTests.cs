using System.Text.Json;

namespace IotOps.Fleet.Tests.Lifecycle;

public sealed class ConnectivityMonitorTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.Parse("2026-01-01T00:00:00Z");

    private readonly ConnectivityMonitor _monitor = new();

    [Fact]
    public void Two_clients_with_one_id_are_a_ping_pong_at_the_third_time()
    {
        ConnectivityAlarmKind[][] alarms = [.. Enumerable.Range(0, 5).Select(i => Kinds(Lost("a", i * 10, "DUPLICATE_CLIENTID")))];

        alarms[1].ShouldBeEmpty();
        alarms[2].ShouldContain(ConnectivityAlarmKind.ClientIdPingPong);
        alarms[3].ShouldNotContain(ConnectivityAlarmKind.ClientIdPingPong);
    }

    [Fact]
    public void A_principal_or_address_that_a_client_never_used_is_told_once_and_its_first_never()
    {
        Kinds(Connect("a", 0, "p1", "192.0.2.1")).ShouldBeEmpty();
        Kinds(Connect("a", 1, "p1", "192.0.2.2")).ShouldBe([ConnectivityAlarmKind.NewAddress]);
        Kinds(Connect("a", 2, "p2", "192.0.2.2")).ShouldBe([ConnectivityAlarmKind.NewPrincipal]);
        Kinds(Connect("a", 3, "p2", "192.0.2.1")).ShouldBeEmpty();
    }

    [Fact]
    public void A_client_that_roams_raises_no_alarm_for_addresses_any_more() =>
        Enumerable.Range(0, 20).Sum(i => Kinds(Connect("a", i, "p", $"192.0.2.{i}")).Length).ShouldBe(3);

    [Fact]
    public void Refusals_in_a_burst_are_an_alarm_wherever_they_were_told()
    {
        for (int i = 0; i < 4; i++)
        {
            _monitor.Add(new LifecycleEvent(LifecycleEventKind.ConnectFailed, "a", Start.AddSeconds(i))).ShouldBeEmpty();
        }

        _monitor.AddAuthenticationError("a", Start.AddSeconds(5)).ShouldHaveSingleItem().Kind.ShouldBe(ConnectivityAlarmKind.AuthenticationErrors);
    }

    [Fact]
    public void Refusals_far_apart_are_none() =>
        Enumerable.Range(0, 50).Sum(i => _monitor.AddAuthenticationError("a", Start.AddMinutes(i * 3)).Count).ShouldBe(0);

    [Fact]
    public void Many_clients_lost_at_once_are_one_alarm_with_the_clients_in_it()
    {
        for (int i = 0; i < 100; i++)
        {
            _monitor.Add(Connect($"c{i}", 0, "p", "192.0.2.1"));
        }

        List<ConnectivityAlarm> alarms = [.. Enumerable.Range(0, 60).SelectMany(i => _monitor.Add(Lost($"c{i}", 600 + i, "CONNECTION_LOST")))];

        // Those that come back and are lost again belong to it, too.
        for (int round = 0; round < 6; round++)
        {
            alarms.AddRange(_monitor.Add(Lost("c5", 670 + round, "CONNECTION_LOST")));
        }

        ConnectivityAlarm drop = alarms.ShouldHaveSingleItem();
        (drop.Kind, drop.Subject, drop.Count, drop.Clients.Count).ShouldBe((ConnectivityAlarmKind.FleetDrop, null, 20, 60));
        drop.Reason.ShouldBe("20 of 100 connected clients were lost within 2 minutes");
    }

    [Fact]
    public void Clients_that_say_goodbye_are_no_drop()
    {
        for (int i = 0; i < 100; i++)
        {
            _monitor.Add(Connect($"c{i}", 0, "p", "192.0.2.1"));
        }

        Enumerable.Range(0, 100).Sum(i => _monitor.Add(Lost($"c{i}", 600, "CLIENT_INITIATED_DISCONNECT") with { IsClientInitiated = true }).Count).ShouldBe(0);
    }

    [Fact]
    public void A_segment_that_disconnects_more_than_it_does_at_this_time_is_told_with_the_numbers_behind_it()
    {
        var monitor = new ConnectivityMonitor(new ConnectivityMonitorOptions
        {
            Segments = [new FleetSegment("2.0.10 charged", FleetQuery.Parse("attributes.firmware:2.0.10 AND shadow.reported.battery>50"))],
            DropClients = 1_000,
        });
        for (int i = 0; i < 40; i++)
        {
            monitor.Update(FleetThing.Read(JsonElement.Parse($$$$"""{"thingName":"c{{{{i}}}}","attributes":{"firmware":"2.0.{{{{10 - (i % 2)}}}}"},"shadow":{"reported":{"battery":77}}}""")));
        }

        // Two a day in the segment for two weeks, then ten at once in the segment and ten beside it.
        for (int day = 0; day < 14; day++)
        {
            monitor.Add(Lost("c0", day * 86_400, "CONNECTION_LOST"));
            monitor.Add(Lost("c2", (day * 86_400) + 60, "CONNECTION_LOST"));
        }

        List<ConnectivityAlarm> alarms = [.. Enumerable.Range(0, 20).SelectMany(i => monitor.Add(Lost($"c{i}", (14 * 86_400) + i, "CONNECTION_LOST")))];

        ConnectivityAlarm alarm = alarms.ShouldHaveSingleItem();
        (alarm.Kind, alarm.Subject).ShouldBe((ConnectivityAlarmKind.SegmentDisconnects, "2.0.10 charged"));
        alarm.Expected!.Value.ShouldBeInRange(0.6, 0.8);
        alarm.Probability!.Value.ShouldBeLessThan(1e-5);
        alarm.Reason.ShouldStartWith($"{alarm.Count} disconnects within 5 minutes, 0.");
    }

    [Fact]
    public void Clients_beyond_the_limit_are_counted_and_not_watched()
    {
        var monitor = new ConnectivityMonitor(new ConnectivityMonitorOptions { MaxClients = 1 });
        monitor.Add(Connect("a", 0, "p", null));
        monitor.Add(Connect("b", 0, "p", null)).ShouldBeEmpty();

        (monitor.Clients, monitor.Unwatched).ShouldBe((1, 1));
    }

    private ConnectivityAlarmKind[] Kinds(LifecycleEvent one) => [.. _monitor.Add(one).Select(alarm => alarm.Kind)];

    private static LifecycleEvent Connect(string client, double seconds, string principal, string? address) =>
        new(LifecycleEventKind.Connected, client, Start.AddSeconds(seconds)) { Version = 0, Principal = principal, IPAddress = address };

    private static LifecycleEvent Lost(string client, double seconds, string reason) =>
        new(LifecycleEventKind.Disconnected, client, Start.AddSeconds(seconds)) { Version = 0, DisconnectReason = reason };
}
