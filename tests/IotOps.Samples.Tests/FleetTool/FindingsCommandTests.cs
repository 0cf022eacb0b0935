namespace IotOps.Samples.Tests.FleetTool;

public sealed class FindingsCommandTests
{
    private const string Messages = """
        {"taskId":"t","taskStatus":"COMPLETED","auditDetails":[{"checkName":"REVOKED_CA_CERT_CHECK","checkRunStatus":"COMPLETED_NON_COMPLIANT","nonCompliantResourcesCount":1,"totalResourcesCount":4},{"checkName":"LOGGING_DISABLED_CHECK","checkRunStatus":"FAILED","errorCode":"AccessDeniedException"}]}
        {"hello":1}
        {"violationEventTime":1767225600000,"thingName":"THING00001","behavior":{"name":"msgs","metric":"aws:num-messages-sent","criteria":{"comparisonOperator":"less-than","value":{"count":50},"durationSeconds":300}},"violationEventType":"in-alarm","metricValue":{"count":300}}

        """;

    [Fact]
    public async Task Audits_and_violations_come_out_and_what_is_neither_is_told()
    {
        (int exit, string output, string error) = await FleetProcess.RunAsync(Messages, "findings");

        output.ReplaceLineEndings("\n").ShouldBe("""
            audit t COMPLETED CRITICAL: REVOKED_CA_CERTIFICATE_STILL_ACTIVE_CHECK 1/4; LOGGING_DISABLED_CHECK failed: AccessDeniedException
            detect 2026-01-01 00:00:00Z THING00001 in-alarm: msgs aws:num-messages-sent is 300, normal is less-than 50 in 300 s

            """.ReplaceLineEndings("\n"));
        error.ShouldStartWith("FleetTool: line 2: it is neither an audit");
        exit.ShouldBe(1);
    }

    [Fact]
    public async Task The_filter_answers_the_list_of_what_is_in_a_message() =>
        (await FleetProcess.RunAsync("""{"id":"x","input":"{\"Records\":[{\"Sns\":{\"Message\":\"{\\\"taskStatus\\\":\\\"FAILED\\\"}\"}}]}"}""", "findings", "--lines")).Output
            .ShouldBe("""{"id":"x","result":[{"kind":"audit","taskId":"","status":"FAILED","nonCompliant":{},"failed":{}}]}""" + "\n");
}
