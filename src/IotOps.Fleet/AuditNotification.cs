namespace IotOps.Fleet;

/// <summary>An audit ended, or goes on. The findings themselves are fetched by <see cref="AuditFindings"/>.</summary>
/// <param name="TaskId">The audit.</param>
/// <param name="Status">IN_PROGRESS, COMPLETED, FAILED or CANCELED; new ones are kept.</param>
public sealed record AuditNotification(string TaskId, string Status) : DefenderNotification
{
    /// <summary>ON_DEMAND_AUDIT_TASK or SCHEDULED_AUDIT_TASK.</summary>
    public string? TaskType { get; init; }

    /// <summary>The scheduled audit; null for one on demand.</summary>
    public string? ScheduledAudit { get; init; }

    /// <summary>The account.</summary>
    public string? Account { get; init; }

    /// <summary>When it began.</summary>
    public DateTimeOffset? Started { get; init; }

    /// <summary>Its checks, by their names of today.</summary>
    public IReadOnlyList<AuditCheckResult> Checks { get; init; } = [];

    /// <summary>The checks that found something.</summary>
    public IEnumerable<AuditCheckResult> NonCompliant => Checks.Where(check => check.IsNonCompliant);

    /// <summary>How bad the worst of them is.</summary>
    public FindingSeverity Severity => Checks.Where(check => check.IsNonCompliant).Select(check => check.Severity).DefaultIfEmpty().Max();
}
