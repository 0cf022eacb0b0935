using System.Text.Json;
using IotOps.Fleet;

namespace IotOps.Detect.Tests.Alarms;

public sealed class FleetAlarmTests
{
    [Fact]
    public void A_stored_alarm_keeps_its_id_and_its_event_and_says_value_and_norm()
    {
        StoredAlarm stored = Alarm.Stored(1);

        FleetAlarm alarm = FleetAlarm.Of(stored);

        (alarm.Id, alarm.Kind, alarm.Rule, alarm.Device, alarm.Time, alarm.State)
            .ShouldBe(("stored-1", FleetAlarmKind.Detect, "chatty/msgs", "THING00001", Alarm.Noon.AddSeconds(1), FleetAlarmState.Raised));
        alarm.Summary.ShouldBe("THING00001 is in alarm; measured of aws:num-messages-sent: 300; normal is less-than 50 in 300 s");
        alarm.Event.ToArray().ShouldBe(stored.Json.ToArray());
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{"taskId":"1","taskStatus":"COMPLETED"}""")]
    public void A_stored_alarm_that_cannot_be_read_is_an_alarm_all_the_same(string json)
    {
        FleetAlarm alarm = FleetAlarm.Of(new StoredAlarm("x", Alarm.Noon, System.Text.Encoding.UTF8.GetBytes(json)));

        (alarm.Id, alarm.Rule, alarm.Device, alarm.Event.Length).ShouldBe(("x", "unreadable", null, 0));
    }

    [Theory]
    [InlineData("in-alarm", FleetAlarmState.Raised)]
    [InlineData("alarm-cleared", FleetAlarmState.Cleared)]
    [InlineData("alarm-invalidated", FleetAlarmState.Invalidated)]
    [InlineData("something-new", FleetAlarmState.Raised)]
    public void A_notifications_id_is_violation_and_event(string name, FleetAlarmState state)
    {
        FleetAlarm alarm = FleetAlarm.Of(new DetectNotification("THING00001", name) { ViolationId = "v1", SecurityProfile = "p", Behavior = "b", Time = Alarm.Noon });

        (alarm.Id, alarm.State, alarm.Rule).ShouldBe(($"detect/v1/{name}", state, "p/b"));
    }

    [Fact]
    public void Notifications_without_a_violation_id_differ_by_thing_rule_and_time()
    {
        var one = new DetectNotification("a", "in-alarm") { SecurityProfile = "p", Behavior = "b", Time = Alarm.Noon };
        FleetAlarm.Of(one).Id.ShouldBe(FleetAlarm.Of(one with { Value = "3" }).Id);
        new[] { one, one with { ThingName = "b" }, one with { Behavior = "c" }, one with { Time = Alarm.Noon.AddSeconds(1) } }.Select(notification => FleetAlarm.Of(notification).Id).ShouldBeUnique(StringComparer.Ordinal);
    }

    [Fact]
    public void A_connectivity_alarm_is_of_a_client_or_of_the_fleet()
    {
        FleetAlarm client = FleetAlarm.Of(new ConnectivityAlarm(ConnectivityAlarmKind.NewAddress, Alarm.Noon, "THING00001", "connected from 192.0.2.1"));
        FleetAlarm fleet = FleetAlarm.Of(new ConnectivityAlarm(ConnectivityAlarmKind.FleetDrop, Alarm.Noon, null, "20 of 25 clients were lost"));
        FleetAlarm segment = FleetAlarm.Of(new ConnectivityAlarm(ConnectivityAlarmKind.SegmentDisconnects, Alarm.Noon, "eu", "more than usual"));

        (client.Kind, client.Rule, client.Device, client.Summary).ShouldBe((FleetAlarmKind.Connectivity, "NewAddress", "THING00001", "THING00001: connected from 192.0.2.1"));
        (fleet.Device, fleet.Summary).ShouldBe((null, "The fleet: 20 of 25 clients were lost"));
        segment.Device.ShouldBeNull();
        client.Id.ShouldBe(FleetAlarm.Of(new ConnectivityAlarm(ConnectivityAlarmKind.NewAddress, Alarm.Noon, "THING00001", "x")).Id);
        new[] { client.Id, fleet.Id, segment.Id }.ShouldBeUnique(StringComparer.Ordinal);
    }

    [Fact]
    public void A_surge_that_grows_keeps_its_id()
    {
        var surge = new ErrorSurge(Alarm.Noon, Alarm.Noon.AddMinutes(5), 400, 3.2, "Connect AUTHORIZATION_FAILURE grew most");

        FleetAlarm alarm = FleetAlarm.Of(surge);

        (alarm.Kind, alarm.Rule, alarm.Device, alarm.Time).ShouldBe((FleetAlarmKind.Errors, "errors", null, Alarm.Noon));
        alarm.Summary.ShouldContain("400 errors, 3.2 expected");
        FleetAlarm.Of(surge with { End = Alarm.Noon.AddMinutes(10), Errors = 900 }).Id.ShouldBe(alarm.Id);
    }

    [Fact]
    public void A_finding_keeps_severity_and_is_known_by_its_id_or_by_what_it_says()
    {
        var finding = new AuditFinding("f1", "DEVICE_CERTIFICATE_SHARED_CHECK", FindingSeverity.Critical) { TaskId = "t", ResourceType = "DEVICE_CERTIFICATE", Resource = "abc", Reason = "It is used by two.", Time = Alarm.Noon };
        FleetAlarm alarm = FleetAlarm.Of(finding);

        (alarm.Id, alarm.Rule, alarm.Severity, alarm.Summary)
            .ShouldBe(("audit/f1", "DEVICE_CERTIFICATE_SHARED_CHECK", FindingSeverity.Critical, "DEVICE_CERTIFICATE abc: It is used by two."));
        AuditFinding nameless = finding with { Id = null };
        FleetAlarm.Of(nameless).Id.ShouldBe(FleetAlarm.Of(nameless with { Time = null }).Id);
        FleetAlarm.Of(nameless).Id.ShouldNotBe(FleetAlarm.Of(nameless with { Resource = "abd" }).Id, StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_message_of_any_alarms_is_JSON_in_one_piece_and_within_its_limit()
    {
        var random = new Random(13);
        for (int run = 0; run < 30; run++)
        {
            await using var stage = new DispatcherStage();
            int count = random.Next(1, 40);
            for (int n = 0; n < count; n++)
            {
                string text = RandomText(random, random.Next(0, 3_000));
                byte[] json = JsonSerializer.SerializeToUtf8Bytes(RandomText(random, random.Next(0, 12_000)), TextContext.Default.String);
                _ = stage.Dispatcher.DeliverAsync(new FleetAlarm($"{run}/{n}", FleetAlarmKind.Audit, "rule\n\u2028", text, Alarm.Noon, text) { Event = json }, TestContext.Current.CancellationToken);
            }

            await stage.Dispatcher.FlushAsync(TestContext.Current.CancellationToken);
            AlarmMessage message = stage.Sink.Taken.ShouldHaveSingleItem();
            byte[] written = message.ToUtf8Json(64 * 1024);
            written.Length.ShouldBeLessThanOrEqualTo(64 * 1024);
            using JsonDocument document = JsonDocument.Parse(written);
            document.RootElement.GetProperty("count").GetInt32().ShouldBe(count);
            message.Title.ShouldNotContain('\n');
            message.Alarms.ShouldAllBe(alarm => alarm.Summary.Length <= 501 && alarm.Event.Length <= AlarmMessage.MaxEventBytes);
        }
    }

    private static string RandomText(Random random, int length) =>
        string.Create(length, random, static (span, dice) =>
        {
            for (int i = 0; i < span.Length; i++)
            {
                span[i] = dice.Next(8) switch { 0 => (char)dice.Next(0, 32), 1 => (char)dice.Next(0xD800, 0xE000), 2 => (char)dice.Next(0x80, 0x3000), 3 => '"', _ => (char)dice.Next(32, 127) };
            }
        });
}
