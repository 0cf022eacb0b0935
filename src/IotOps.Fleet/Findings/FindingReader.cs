using System.Text.Json;

namespace IotOps.Fleet.Findings;

/// <summary>Reads findings as ListAuditFindings answers them.</summary>
internal static class FindingReader
{
    private static readonly string[] ResourceNames =
        ["deviceCertificateId", "caCertificateId", "cognitoIdentityPoolId", "clientId", "roleAliasArn", "iamRoleArn", "deviceCertificateArn", "issuerCertificateIdentifier", "account"];

    public static AuditFinding Read(JsonElement json)
    {
        string check = AuditChecks.Canonical(Members.Text(json, "checkName") ?? "");
        JsonElement resource = Members.Get(json, "nonCompliantResource");
        return new AuditFinding(Members.Text(json, "findingId"), check, Severity(Members.Text(json, "severity"), check))
        {
            TaskId = Members.Text(json, "taskId"),
            Time = Members.Time(json, "findingTime", isSeconds: true),
            ResourceType = Members.Text(resource, "resourceType"),
            Resource = Resource(Members.Get(resource, "resourceIdentifier")),
            Reason = Members.Text(json, "reasonForNonCompliance"),
            ReasonCode = Members.Text(json, "reasonForNonComplianceCode"),
            IsSuppressed = Members.Get(json, "isSuppressed").ValueKind == JsonValueKind.True,
            Json = json.Clone(),
        };
    }

    private static FindingSeverity Severity(string? own, string check) => own switch
    {
        "CRITICAL" => FindingSeverity.Critical,
        "HIGH" => FindingSeverity.High,
        "MEDIUM" => FindingSeverity.Medium,
        "LOW" => FindingSeverity.Low,
        _ => AuditChecks.SeverityOf(check),
    };

    private static string? Resource(JsonElement identifier)
    {
        if (Members.Text(Members.Get(identifier, "policyVersionIdentifier"), "policyName") is { } policy)
        {
            return policy;
        }

        return ResourceNames.Select(name => Members.Text(identifier, name)).FirstOrDefault(value => value is not null);
    }
}
