using IotOps.Emulator.Tests.DataPlane;

namespace IotOps.Emulator.Tests.ControlPlane;

public sealed class AuditFindingTests : ControlPlaneTestBase
{
    [Theory]
    [InlineData("""{"taskId":"t1"}""", "1,2,4")]
    [InlineData("""{"startTime":1767225600,"endTime":1767225660.5}""", "1,2,3")]
    [InlineData("""{"taskId":"t1","checkName":"LOGGING_DISABLED_CHECK"}""", "1,4")]
    [InlineData("""{"taskId":"t1","listSuppressedFindings":true}""", "2")]
    [InlineData("""{"taskId":"t1","listSuppressedFindings":false}""", "1,4")]
    [InlineData("""{"taskId":"t1","resourceIdentifier":{"account":"123456789012"}}""", "1")]
    [InlineData("""{"taskId":"none"}""", "")]
    public async Task Findings_are_found_by_task_time_check_resource_and_suppression(string body, string ids)
    {
        Add("1", "t1", 1_767_225_600, "LOGGING_DISABLED_CHECK", ""","nonCompliantResource":{"resourceType":"ACCOUNT_SETTINGS","resourceIdentifier":{"account":"123456789012"}}""");
        Add("2", "t1", 1_767_225_660, "DEVICE_CERTIFICATE_SHARED_CHECK", ""","isSuppressed":true""");
        Add("3", "t2", 1_767_225_660, "LOGGING_DISABLED_CHECK");
        Add("4", "t1", 1_767_225_661, "LOGGING_DISABLED_CHECK");

        DataPlaneReply reply = await CallAsync("POST", "audit/findings", body);

        reply.Status.ShouldBe(200, reply.Message);
        Names(reply, "findings", "findingId").ShouldBe(ids.Split(',', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task Pages_follow_each_other()
    {
        foreach (int number in Enumerable.Range(0, 5))
        {
            Add($"{number}", "t", 1_767_225_600, "LOGGING_DISABLED_CHECK");
        }

        DataPlaneReply first = await CallAsync("POST", "audit/findings", """{"taskId":"t","maxResults":3}""");
        DataPlaneReply second = await CallAsync("POST", "audit/findings", $$"""{"taskId":"t","maxResults":3,"nextToken":"{{first.Body["nextToken"]}}"}""");

        Names(first, "findings", "findingId").ShouldBe(["0", "1", "2"]);
        Names(second, "findings", "findingId").ShouldBe(["3", "4"]);
        second.Body.AsObject().ContainsKey("nextToken").ShouldBeFalse();
    }

    [Theory]
    [InlineData("""{}""", "InvalidRequestException")]
    [InlineData("""{"startTime":1}""", "InvalidRequestException")]
    [InlineData("""{"taskId":"t","startTime":1,"endTime":2}""", "InvalidRequestException")]
    [InlineData("""{"startTime":2,"endTime":1}""", "InvalidRequestException")]
    [InlineData("""{"taskId":"t","maxResults":251}""", "InvalidRequestException")]
    [InlineData("""{"taskId":"t","nextToken":"x"}""", "InvalidRequestException")]
    [InlineData("""{"startTime":1e300,"endTime":2}""", "SerializationException")]
    public async Task What_the_service_refuses_is_refused(string body, string code)
    {
        DataPlaneReply reply = await CallAsync("POST", "audit/findings", body);

        (reply.Status, reply.Error).ShouldBe((400, code));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("""{"taskId":"t","checkName":"c"}""")]
    [InlineData("""{"taskId":"t","checkName":"c","findingTime":"now"}""")]
    public void What_is_no_finding_is_not_taken(string json) => Should.Throw<FormatException>(() => Emulator.Fleet.AddAuditFinding(json));

    private void Add(string id, string task, long time, string check, string more = "") =>
        Emulator.Fleet.AddAuditFinding($$"""{"findingId":"{{id}}","taskId":"{{task}}","checkName":"{{check}}","findingTime":{{time}}{{more}}}""");
}
