using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using IotOps.Fleet.Tests.Trail;

namespace IotOps.Fleet.Tests.Findings;

public sealed class NotificationTests
{
    private const string Violation = """{"violationEventTime":1767225600000,"thingName":"THING00001","behavior":{"name":"b"},"violationEventType":"in-alarm","violationId":"1"}""";

    [Fact]
    public void A_message_is_read_out_of_each_envelope_and_a_bad_one_costs_only_itself()
    {
        string quoted = Quoted(Violation);

        Read(Violation).ShouldHaveSingleItem().ShouldBeOfType<DetectNotification>().IsInAlarm.ShouldBeTrue();
        Read($$"""{"Type":"Notification","Message":{{quoted}}}""").ShouldHaveSingleItem().ShouldBeOfType<DetectNotification>();
        IReadOnlyList<DefenderNotification> records = Read($$$"""{"Records":[{"Sns":{"Message":{{{quoted}}}}},{"Sns":{"Message":"x"}},{"Sns":{"Message":1}},{"Sns":{"Message":{{{quoted}}}}}]}""");
        records.Select(one => one.GetType().Name).ShouldBe(["DetectNotification", "UnreadableNotification", "UnreadableNotification", "DetectNotification"]);
        ((UnreadableNotification)records[2]).Reason.ShouldBe("the envelope of SNS has no text Message");
    }

    [Fact]
    public void An_audit_alone_says_all_that_is_needed()
    {
        var audit = (AuditNotification)Read("""
            {"accountId":"123456789012","taskId":"t","taskStatus":"COMPLETED","taskType":"SCHEDULED_AUDIT_TASK","scheduledAuditName":"Daily","taskStartTime":1767225600000,
             "auditDetails":[{"checkName":"DEVICE_CERT_APPROACHING_EXPIRATION_CHECK","checkRunStatus":"COMPLETED_NON_COMPLIANT","nonCompliantResourcesCount":3,"totalResourcesCount":9,"suppressedNonCompliantResourcesCount":1},
                             {"checkName":"LOGGING_DISABLED_CHECK","checkRunStatus":"COMPLETED_COMPLIANT"}]}
            """).Single();

        (audit.ScheduledAudit, audit.Started, audit.Severity).ShouldBe(("Daily", DateTimeOffset.Parse("2026-01-01T00:00:00Z"), FindingSeverity.Medium));
        AuditCheckResult check = audit.NonCompliant.Single();
        (check.Name, check.NonCompliantResources, check.TotalResources, check.SuppressedResources).ShouldBe(("DEVICE_CERTIFICATE_EXPIRING_CHECK", 3, 9, 1));
    }

    [Fact]
    public void Envelopes_without_end_are_unreadable()
    {
        string message = Violation;
        for (int i = 0; i < 6; i++)
        {
            message = $$"""{"Type":"Notification","Message":{{Quoted(message)}}}""";
        }

        Read(message).ShouldHaveSingleItem().ShouldBeOfType<UnreadableNotification>();
    }

    [Fact]
    public void Whatever_arrives_is_read_or_told() =>
        Prop.ForAll(Arb.From(Gen.Choose(0, int.MaxValue)), seed =>
        {
            var random = new Random(seed);
            JsonElement[] cases = [.. Vectors.Read("fleet/messages.jsonl")];
            byte[] message = JsonMaker.Damage(Encoding.UTF8.GetBytes(cases[random.Next(cases.Length)].GetProperty("input").GetString()!), random);

            foreach (DefenderNotification one in DefenderNotification.ReadAll(message))
            {
                one.ToString().ShouldNotBeEmpty();
            }
        }).Check(Config.QuickThrowOnFailure.WithReplay(20260101, 3).WithMaxTest(1_000));

    private static IReadOnlyList<DefenderNotification> Read(string json) => DefenderNotification.ReadAll(Encoding.UTF8.GetBytes(json));

    private static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text)}\"";
}
