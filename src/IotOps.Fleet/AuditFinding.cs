using System.Text.Json;

namespace IotOps.Fleet;

/// <summary>One resource that does not comply.</summary>
/// <param name="Id">The finding.</param>
/// <param name="Check">The check, by its name of today.</param>
/// <param name="Severity">How bad: what the finding itself says, else what the check is known for.</param>
public sealed record AuditFinding(string? Id, string Check, FindingSeverity Severity)
{
    /// <summary>The audit that found it.</summary>
    public string? TaskId { get; init; }

    /// <summary>When it was found.</summary>
    public DateTimeOffset? Time { get; init; }

    /// <summary>The kind of resource, such as DEVICE_CERTIFICATE.</summary>
    public string? ResourceType { get; init; }

    /// <summary>The resource: certificate id, client id, policy, role alias or account.</summary>
    public string? Resource { get; init; }

    /// <summary>Why it does not comply.</summary>
    public string? Reason { get; init; }

    /// <summary>The reason's code.</summary>
    public string? ReasonCode { get; init; }

    /// <summary>Whether an exception was made for it.</summary>
    public bool IsSuppressed { get; init; }

    /// <summary>All that the service said.</summary>
    public JsonElement Json { get; init; }
}
