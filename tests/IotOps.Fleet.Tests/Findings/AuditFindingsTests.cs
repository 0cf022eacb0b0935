using System.Net;
using System.Text;
using Amazon.Runtime;
using IotOps.Aws;
using IotOps.TestKit;

namespace IotOps.Fleet.Tests.Findings;

public sealed class AuditFindingsTests : IDisposable
{
    private static readonly DateTimeOffset Day = DateTimeOffset.Parse("2026-01-01T00:00:00Z");

    private readonly Queue<string> _answers = new();
    private readonly StubHttpHandler _cloud;
    private readonly AwsClient _client;
    private readonly AuditFindings _findings;

    public AuditFindingsTests()
    {
        _cloud = new StubHttpHandler(_ => new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(_answers.Dequeue()) });
        _client = new AwsClient(new AwsClientOptions
        {
            Service = AwsService.Iot,
            Region = "eu-west-1",
            Credentials = new BasicAWSCredentials("AKIAEXAMPLE", "secret"),
            Endpoint = new Uri("http://localhost"),
            Transport = _cloud,
            Retry = AwsRetryOptions.None,
        });
        _findings = new AuditFindings(_client);
    }

    public void Dispose()
    {
        _client.Dispose();
        _cloud.Dispose();
    }

    [Fact]
    public async Task All_pages_come_out_and_a_findings_own_severity_comes_first()
    {
        _answers.Enqueue("""
            {"nextToken":"n","findings":[{"findingId":"1","taskId":"t","checkName":"LOGGING_DISABLED_CHECK","severity":"HIGH","findingTime":1767225600.5,"reasonForNonCompliance":"r","reasonForNonComplianceCode":"c","isSuppressed":true,
              "nonCompliantResource":{"resourceType":"ACCOUNT_SETTINGS","resourceIdentifier":{"account":"123456789012"}}}]}
            """);
        _answers.Enqueue("""
            {"findings":[{"findingId":"2","checkName":"REVOKED_CA_CERT_CHECK","nonCompliantResource":{"resourceType":"IOT_POLICY","resourceIdentifier":{"policyVersionIdentifier":{"policyName":"p","policyVersionId":"1"}}}},
                         {"checkName":"NEW_CHECK"}]}
            """);

        List<AuditFinding> found = await _findings.OfTaskAsync("t", TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);

        found.Select(one => (one.Id, one.Check, one.Severity, one.Resource)).ShouldBe(
        [
            ("1", "LOGGING_DISABLED_CHECK", FindingSeverity.High, "123456789012"),
            ("2", "REVOKED_CA_CERTIFICATE_STILL_ACTIVE_CHECK", FindingSeverity.Critical, "p"),
            (null, "NEW_CHECK", FindingSeverity.Unknown, null),
        ]);
        (found[0].Time, found[0].IsSuppressed, found[0].ReasonCode).ShouldBe((Day.AddMilliseconds(500), true, "c"));
        _cloud.Requests.Select(request => Encoding.UTF8.GetString(request.Body)).ShouldBe(["""{"taskId":"t","maxResults":250}""", """{"taskId":"t","maxResults":250,"nextToken":"n"}"""]);
    }

    [Fact]
    public async Task A_range_is_asked_for_in_seconds_and_must_not_be_reversed()
    {
        _answers.Enqueue("""{"findings":[]}""");

        (await _findings.BetweenAsync(Day, Day.AddHours(1), TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken)).ShouldBeEmpty();

        Encoding.UTF8.GetString(_cloud.Requests[0].Body).ShouldBe("""{"startTime":1767225600,"endTime":1767229200,"maxResults":250}""");
        Should.Throw<ArgumentException>(() => _findings.BetweenAsync(Day, Day)).Message.ShouldStartWith("The range ends");
    }
}
