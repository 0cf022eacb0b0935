namespace IotOps.Fleet;

/// <summary>What a check of an audit found.</summary>
/// <param name="Name">The check, by its name of today.</param>
/// <param name="Status">COMPLETED_NON_COMPLIANT and its kin; new ones are kept.</param>
public sealed record AuditCheckResult(string Name, string Status)
{
    /// <summary>Resources that do not comply, those that are suppressed not among them where the message says so.</summary>
    public long NonCompliantResources { get; init; }

    /// <summary>Resources that were looked at.</summary>
    public long TotalResources { get; init; }

    /// <summary>Resources that do not comply and whose findings are suppressed.</summary>
    public long SuppressedResources { get; init; }

    /// <summary>Why it failed; null when it did not.</summary>
    public string? ErrorCode { get; init; }

    /// <summary>More about why it failed.</summary>
    public string? Message { get; init; }

    /// <summary>How bad a finding of this check is.</summary>
    public FindingSeverity Severity => AuditChecks.SeverityOf(Name);

    /// <summary>Whether it found something.</summary>
    public bool IsNonCompliant => Status == "COMPLETED_NON_COMPLIANT";

    /// <summary>Whether it could not be carried out.</summary>
    public bool HasFailed => Status == "FAILED";
}
