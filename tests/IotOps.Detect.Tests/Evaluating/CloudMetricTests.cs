using System.Globalization;
using IotOps.Fleet;

namespace IotOps.Detect.Tests.Evaluating;

/// <summary>Alarms about what the cloud measures.</summary>
public sealed class CloudMetricTests
{
    private static readonly DateTimeOffset Begin = EngineFixture.Begin;

    [Theory]
    [InlineData("aws:num-connection-attempts", 4)]
    [InlineData("aws:num-disconnects", 2)]
    public void Connections_are_counted_over_five_minutes_of_their_own_time(string metric, int count)
    {
        var fixture = new EngineFixture(Count(metric, count));
        DetectEvent[] events =
        [
            EngineFixture.Connection(LifecycleEventKind.Connected, Begin.AddSeconds(1), 1),
            EngineFixture.Connection(LifecycleEventKind.Disconnected, Begin.AddSeconds(2), 1),
            EngineFixture.Connection(LifecycleEventKind.Connected, Begin.AddSeconds(3), 2),
            EngineFixture.Connection(LifecycleEventKind.Disconnected, Begin.AddSeconds(4), 2),
            EngineFixture.Connection(LifecycleEventKind.ConnectFailed, Begin.AddSeconds(5), 0, reason: "AUTHORIZATION_FAILED"),
            EngineFixture.Connection(LifecycleEventKind.Connected, Begin.AddSeconds(299), 3),
            EngineFixture.Connection(LifecycleEventKind.Connected, Begin.AddSeconds(300), 4),
        ];
        fixture.Now = Begin.AddSeconds(301);
        fixture.Take(events);
        fixture.Alarms.ShouldBeEmpty("they are waited for until a minute after the five");
        fixture.RunUntil(Begin.AddSeconds(360)).Alarms.ShouldBe(["in-alarm Count"]);
        fixture.LastAlarm.GetProperty("metricValue").GetRawText().ShouldBe($$"""{"count":{{count.ToString(CultureInfo.InvariantCulture)}}}""");
        fixture.LastAlarm.GetProperty("violationEventTime").GetInt64().ShouldBe(Begin.AddSeconds(300).ToUnixTimeMilliseconds());
        fixture.RunUntil(Begin.AddSeconds(1000)).Alarms.ShouldBe(["in-alarm Count", "alarm-cleared Count"]);
        fixture.DueAt.ShouldBeNull();
    }

    [Fact]
    public void Authorization_failures_come_from_the_logs_where_these_are_declared()
    {
        string behavior = Count("aws:num-authorization-failures", 2);
        var logs = new EngineFixture(behavior, DetectSources.Lifecycle | DetectSources.Logs);
        logs.Take(
            Log("Publish-In", "AUTHORIZATION_FAILURE", "1"),
            Log("Subscribe", "AUTHORIZATION_FAILURE", "2"),
            Log("Publish-In", null, "3"),
            EngineFixture.Connection(LifecycleEventKind.ConnectFailed, Begin.AddSeconds(5), 0, reason: "AUTHORIZATION_FAILED"));
        logs.RunUntil(Begin.AddMinutes(7)).Alarms.ShouldBe(["in-alarm Count"]);
        logs.LastAlarm.GetProperty("why").GetProperty("value").GetInt64().ShouldBe(2);
        var lifecycle = new EngineFixture(behavior, DetectSources.Lifecycle);
        lifecycle.Take(
            EngineFixture.Connection(LifecycleEventKind.ConnectFailed, Begin.AddSeconds(5), 0, reason: "AUTHORIZATION_FAILED"),
            EngineFixture.Connection(LifecycleEventKind.Disconnected, Begin.AddSeconds(6), 3, reason: "FORBIDDEN_ACCESS"));
        lifecycle.RunUntil(Begin.AddMinutes(7)).Alarms.ShouldBe(["in-alarm Count"]);
    }

    [Theory]
    [InlineData("198.51.100.7", true)]
    [InlineData("192.0.2.1", false)]
    public void Source_addresses_come_from_connections_and_logs(string address, bool isAlarm)
    {
        const string Criteria = "\"comparisonOperator\":\"not-in-cidr-set\",\"value\":{\"cidrs\":[\"198.51.100.0/24\"]}";
        var fixture = new EngineFixture(EngineFixture.Behavior("From", "aws:source-ip-address", Criteria));
        fixture.Take(EngineFixture.Connection(LifecycleEventKind.Connected, Begin.AddSeconds(1), 1, address: "192.0.2.9"));
        fixture.Take(new LogEvent(new IotLogEntry { EventType = "Publish-In", SourceIp = address }, "1", Begin.AddSeconds(2)));
        fixture.RunUntil(Begin.AddMinutes(7)).Alarms.Count.ShouldBe(isAlarm ? 1 : 0);
    }

    [Fact]
    public void A_disconnected_thing_is_in_alarm_until_it_connects()
    {
        var fixture = new EngineFixture(EngineFixture.Behavior("Away", "aws:disconnect-duration", "\"comparisonOperator\":\"less-than-equals\",\"value\":{\"count\":12}"));
        fixture.Take(EngineFixture.Connection(LifecycleEventKind.Connected, Begin, 1)).RunUntil(Begin.AddMinutes(100));
        fixture.DueAt.ShouldBeNull("a connected thing needs no look");
        fixture.Take(EngineFixture.Connection(LifecycleEventKind.Disconnected, Begin.AddMinutes(100), 1, reason: "CONNECTION_LOST"));
        fixture.RunUntil(Begin.AddMinutes(115)).Alarms.ShouldBeEmpty();
        fixture.RunUntil(Begin.AddMinutes(117)).Alarms.ShouldBe(["in-alarm Away"]);
        fixture.LastAlarm.GetProperty("metricValue").GetRawText().ShouldBe("""{"count":15}""");
        fixture.DueAt.ShouldBeNull();
        fixture.Now = Begin.AddDays(3);
        fixture.Take(EngineFixture.Connection(LifecycleEventKind.Connected, Begin.AddDays(3), 2)).RunUntil(Begin.AddDays(3).AddMinutes(10));
        fixture.Alarms.ShouldBe(["in-alarm Away", "alarm-cleared Away"]);
    }

    [Fact]
    public void Connections_are_ordered_by_their_version_and_not_by_arrival()
    {
        var fixture = new EngineFixture(EngineFixture.Behavior("Away", "aws:disconnect-duration", "\"comparisonOperator\":\"less-than\",\"value\":{\"count\":5}"));
        fixture.Take(
            EngineFixture.Connection(LifecycleEventKind.Connected, Begin.AddSeconds(10), 8),
            EngineFixture.Connection(LifecycleEventKind.Disconnected, Begin.AddSeconds(11), 7, reason: "CONNECTION_LOST"),
            EngineFixture.Connection(LifecycleEventKind.Connected, Begin.AddSeconds(5), 7));
        fixture.RunUntil(Begin.AddMinutes(60)).Alarms.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("less-than-equals", 100, 101, true)]
    [InlineData("less-than-equals", 100, 100, false)]
    [InlineData("greater-than", 10, 10, true)]
    public void The_worst_message_of_five_minutes_is_judged(string comparison, int limit, int bytes, bool isAlarm)
    {
        var fixture = new EngineFixture(EngineFixture.Behavior("Size", "aws:message-byte-size", $$$"""
            "comparisonOperator":"{{{comparison}}}","value":{"count":{{{limit}}}}
            """));
        fixture.Take(Message(50, "1"), Message(bytes, "2"), Message(60, "3")).RunUntil(Begin.AddMinutes(7));
        fixture.Alarms.Count.ShouldBe(isAlarm ? 1 : 0);
    }

    [Fact]
    public void Sizes_add_up_over_a_duration()
    {
        var fixture = new EngineFixture(EngineFixture.Behavior("Size", "aws:message-byte-size", "\"comparisonOperator\":\"less-than\",\"value\":{\"count\":100},\"durationSeconds\":600"));
        fixture.Take(Message(60, "1"), Message(60, "2", seconds: 301)).RunUntil(Begin.AddMinutes(12)).Alarms.ShouldBe(["in-alarm Size"]);
        fixture.LastAlarm.GetProperty("why").GetProperty("value").GetInt64().ShouldBe(120);
    }

    [Fact]
    public void Sent_and_received_messages_are_counted_apart()
    {
        var fixture = new EngineFixture(Count("aws:num-messages-sent", 2, "Sent") + "," + Count("aws:num-messages-received", 3, "Received"));
        fixture.Take(Message(1, "1"), Message(1, "2"), Message(1, "3", isReceived: true), Message(1, "4", isReceived: true));
        fixture.RunUntil(Begin.AddMinutes(7)).Alarms.ShouldBe(["in-alarm Sent"]);
    }

    [Fact]
    public void A_thing_that_falls_silent_is_in_alarm_when_it_should_send()
    {
        var fixture = new EngineFixture(EngineFixture.Behavior("Silent", "aws:num-messages-sent", "\"comparisonOperator\":\"greater-than\",\"value\":{\"count\":0},\"durationSeconds\":900,\"consecutiveDatapointsToAlarm\":2"));
        fixture.Take(Message(1, "1"));
        fixture.RunUntil(Begin.AddMinutes(50)).Alarms.ShouldBe(["in-alarm Silent"]);
        fixture.LastAlarm.GetProperty("violationEventTime").GetInt64().ShouldBe(Begin.AddMinutes(45).ToUnixTimeMilliseconds());
        fixture.DueAt.ShouldBeNull("more silence changes nothing");
        fixture.Now = Begin.AddMinutes(200);
        fixture.Take(Message(1, "2", seconds: 200 * 60)).RunUntil(Begin.AddMinutes(212)).Alarms.ShouldBe(["in-alarm Silent", "alarm-cleared Silent"]);
    }

    [Fact]
    public void An_event_after_its_time_was_judged_is_late_and_one_that_was_counted_a_duplicate()
    {
        var fixture = new EngineFixture(Count("aws:num-disconnects", 5));
        DetectEvent one = EngineFixture.Connection(LifecycleEventKind.Disconnected, Begin.AddSeconds(4), 2);
        fixture.Take(one, one);
        fixture.Duplicates.ShouldBe(1);
        fixture.RunUntil(Begin.AddMinutes(8)).Take(EngineFixture.Connection(LifecycleEventKind.Disconnected, Begin.AddSeconds(5), 3));
        fixture.Late.ShouldBe(1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Any_order_and_any_repetition_gives_the_same_alarms(int seed)
    {
        string behaviors = string.Join(",", Count("aws:num-disconnects", 2, "D"), Count("aws:num-messages-sent", 3, "M", 900), Count("aws:num-connection-attempts", 3, "C", 600),
            EngineFixture.Behavior("Away", "aws:disconnect-duration", "\"comparisonOperator\":\"less-than\",\"value\":{\"count\":9}"),
            EngineFixture.Behavior("Size", "aws:message-byte-size", "\"comparisonOperator\":\"less-than\",\"value\":{\"count\":90}"));
        var random = new Random(seed);
        for (int run = 0; run < 40; run++)
        {
            List<(double At, DetectEvent Event)> events = [];
            long version = 0;
            for (double at = 1; at < 7200; at += random.Next(5, 400))
            {
                DateTimeOffset time = Begin.AddSeconds(at);
                version += random.Next(2);
                events.Add((at, random.Next(4) switch
                {
                    0 => EngineFixture.Connection(LifecycleEventKind.Connected, time, ++version),
                    1 => EngineFixture.Connection(LifecycleEventKind.Disconnected, time, version),
                    2 => EngineFixture.Connection(LifecycleEventKind.ConnectFailed, time, 0, reason: "AUTHORIZATION_FAILED"),
                    _ => new MessageEvent(false, random.Next(100), Guid.CreateVersion7(time).ToString() + at.ToString(CultureInfo.InvariantCulture), time),
                }));
            }

            EngineFixture orderly = Run(behaviors, events);
            List<(double, DetectEvent)> deliveries = [];
            foreach ((double at, DetectEvent one) in events)
            {
                for (int copies = random.Next(1, 3); copies > 0; copies--)
                {
                    deliveries.Add((at + (random.NextDouble() * 55), one));
                }
            }

            Run(behaviors, deliveries).AlarmIds.ShouldBe(orderly.AlarmIds);
        }
    }

    [Fact]
    public void A_thing_that_was_silent_for_a_month_is_caught_up_with()
    {
        var fixture = new EngineFixture(Count("aws:num-disconnects", 1, "D", 3600));
        fixture.Take(EngineFixture.Connection(LifecycleEventKind.Disconnected, Begin.AddSeconds(4), 2)).RunUntil(Begin.AddHours(3));
        fixture.Alarms.ShouldBe(["in-alarm D", "alarm-cleared D"]);
        fixture.Now = Begin.AddDays(30);
        fixture.Take(EngineFixture.Connection(LifecycleEventKind.Disconnected, fixture.Now, 3)).RunUntil(Begin.AddDays(30).AddHours(2).AddMinutes(2));
        fixture.Alarms.Count.ShouldBe(4);
    }

    private static EngineFixture Run(string behaviors, List<(double At, DetectEvent Event)> events)
    {
        var fixture = new EngineFixture(behaviors);
        foreach ((double at, DetectEvent one) in events.OrderBy(one => one.At))
        {
            fixture.RunUntil(Begin.AddSeconds(at)).Take(one);
        }

        return fixture.RunUntil(Begin.AddSeconds(9000));
    }

    private static string Count(string metric, int count, string name = "Count", int seconds = 300) => EngineFixture.Behavior(name, metric, $$$"""
        "comparisonOperator":"less-than","value":{"count":{{{count}}}},"durationSeconds":{{{seconds}}}
        """);

    private static LogEvent Log(string type, string? reason, string id) =>
        new(new IotLogEntry { EventType = type, Reason = reason, IsError = reason is not null }, id, Begin.AddSeconds(7));

    private static MessageEvent Message(long bytes, string id, bool isReceived = false, int seconds = 3) => new(isReceived, bytes, id, Begin.AddSeconds(seconds));
}
