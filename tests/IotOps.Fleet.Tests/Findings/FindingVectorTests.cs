using System.Text;
using System.Text.Json;

namespace IotOps.Fleet.Tests.Findings;

public sealed class FindingVectorTests
{
    private const string File = "fleet/messages.jsonl";

    public static TheoryData<string> Ids => Vectors.Ids(File);

    [Theory]
    [MemberData(nameof(Ids))]
    public void Each_message_has_what_it_should(string id)
    {
        JsonElement one = Vectors.Case(File, id);
        JsonElement[] expected = [.. one.GetProperty("expect").EnumerateArray()];

        IReadOnlyList<DefenderNotification> found = DefenderNotification.ReadAll(Encoding.UTF8.GetBytes(one.GetProperty("input").GetString()!));

        found.Count.ShouldBe(expected.Length);
        foreach ((DefenderNotification notification, JsonElement expect) in found.Zip(expected))
        {
            foreach (JsonProperty member in expect.EnumerateObject().Where(member => member.Name != "note"))
            {
                JsonElement value = Member(notification, member.Name);
                JsonElement.DeepEquals(value, member.Value).ShouldBeTrue($"{member.Name} is {value}, not {member.Value}");
            }
        }
    }

    [Fact]
    public void Each_of_the_17_checks_has_its_severity()
    {
        JsonElement severities = JsonElement.Parse(System.IO.File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Vectors", "fleet", "severity.json")));

        AuditChecks.Names.ToDictionary(name => name, name => AuditChecks.SeverityOf(name).ToString().ToUpperInvariant(), StringComparer.Ordinal)
            .ShouldBe(severities.EnumerateObject().ToDictionary(one => one.Name, one => one.Value.GetString()!, StringComparer.Ordinal), ignoreOrder: true);
        AuditChecks.HighAndCritical.Count.ShouldBe(10);
    }

    private static JsonElement Member(DefenderNotification notification, string name) => (notification, name) switch
    {
        (AuditNotification, "kind") => Text("audit"),
        (AuditNotification audit, "status") => Text(audit.Status),
        (AuditNotification audit, "severity") => Text(audit.Severity == FindingSeverity.Unknown ? "unknown" : audit.Severity.ToString().ToUpperInvariant()),
        (AuditNotification audit, "nonCompliant") => JsonElement.Parse($"{{{string.Join(',', audit.NonCompliant.Select(check => $"\"{check.Name}\":{check.NonCompliantResources}"))}}}"),
        (AuditNotification audit, "failed") => JsonElement.Parse($"{{{string.Join(',', audit.Checks.Where(check => check.HasFailed).Select(check => $"\"{check.Name}\":\"{check.ErrorCode}\""))}}}"),
        (DetectNotification, "kind") => Text("detect"),
        (DetectNotification detect, "event") => Text(detect.Event),
        (DetectNotification detect, "thing") => Text(detect.ThingName),
        (DetectNotification detect, "metric") => Text(detect.Metric!),
        (DetectNotification detect, "normal") => Text(detect.Normal!),
        (DetectNotification detect, "value") => JsonElement.Parse(detect.Value!),
        (DetectNotification detect, "confidence") => Text(detect.Confidence!),
        (SubscriptionRequest, "kind") => Text("subscription"),
        (UnreadableNotification, "kind") => Text("unreadable"),
        _ => throw new InvalidOperationException($"{notification} has no {name}"),
    };

    private static JsonElement Text(string value) => JsonElement.Parse($"\"{JsonEncodedText.Encode(value)}\"");
}
