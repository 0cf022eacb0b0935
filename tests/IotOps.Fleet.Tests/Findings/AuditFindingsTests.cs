using IotOps.Aws;

namespace IotOps.Fleet.Tests.Findings;

public sealed class AuditFindingsTests : IDisposable
{
    private static readonly DateTimeOffset Day = DateTimeOffset.Parse("2026-01-01T00:00:00Z");

    private readonly CloudStub _cloud = new(AwsService.Iot);

    private AuditFindings Findings => new(_cloud.Client);

    public void Dispose() => _cloud.Dispose();

    [Fact]
    public async Task All_pages_come_out_and_a_findings_own_severity_comes_first()
    {
        _cloud.Answer("""
            {"nextToken":"n","findings":[{"findingId":"1","taskId":"t","checkName":"LOGGING_DISABLED_CHECK","severity":"HIGH","findingTime":1767225600.5,"reasonForNonCompliance":"r","reasonForNonComplianceCode":"c","isSuppressed":true,
              "nonCompliantResource":{"resourceType":"ACCOUNT_SETTINGS","resourceIdentifier":{"account":"123456789012"}}}]}
            """);
        _cloud.Answer("""
            {"findings":[{"findingId":"2","checkName":"REVOKED_CA_CERT_CHECK","nonCompliantResource":{"resourceType":"IOT_POLICY","resourceIdentifier":{"policyVersionIdentifier":{"policyName":"p","policyVersionId":"1"}}}},
                         {"checkName":"NEW_CHECK"}]}
            """);

        List<AuditFinding> found = await Findings.OfTaskAsync("t", TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);

        found.Select(one => (one.Id, one.Check, one.Severity, one.Resource)).ShouldBe(
        [
            ("1", "LOGGING_DISABLED_CHECK", FindingSeverity.High, "123456789012"),
            ("2", "REVOKED_CA_CERTIFICATE_STILL_ACTIVE_CHECK", FindingSeverity.Critical, "p"),
            (null, "NEW_CHECK", FindingSeverity.Unknown, null),
        ]);
        (found[0].Time, found[0].IsSuppressed, found[0].ReasonCode).ShouldBe((Day.AddMilliseconds(500), true, "c"));
        _cloud.Bodies.ShouldBe(["""{"taskId":"t","maxResults":250}""", """{"taskId":"t","maxResults":250,"nextToken":"n"}"""]);
    }

    [Fact]
    public async Task A_range_is_asked_for_in_seconds_and_must_not_be_reversed()
    {
        _cloud.Answer("""{"findings":[]}""");

        (await Findings.BetweenAsync(Day, Day.AddHours(1), TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken)).ShouldBeEmpty();

        _cloud.Bodies[0].ShouldBe("""{"startTime":1767225600,"endTime":1767229200,"maxResults":250}""");
        Should.Throw<ArgumentException>(() => Findings.BetweenAsync(Day, Day)).Message.ShouldStartWith("The range ends");
    }
}
