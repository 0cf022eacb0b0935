using System.Text.Json;
using IotOps.Detect.Quarantine;

namespace IotOps.Detect;

/// <summary>How a quarantine stands.</summary>
public sealed record QuarantineStatus
{
    /// <summary>Its plan.</summary>
    public required QuarantinePlan Plan { get; init; }

    /// <summary>How far it is.</summary>
    public required QuarantineState State { get; init; }

    /// <summary>Its steps.</summary>
    public required IReadOnlyList<QuarantineStepStatus> Steps { get; init; }

    /// <summary>Who began it; null when nobody did.</summary>
    public string? StartedBy { get; init; }

    /// <summary>When it began; null when it did not.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>Since when it is held; null when it is not.</summary>
    public DateTimeOffset? HeldSince { get; init; }

    /// <summary>When it may be revoked at the earliest; null before it is held.</summary>
    public DateTimeOffset? RevocableFrom => HeldSince + Plan.HoldTime;

    /// <summary>Who approved that it is revoked; null when nobody did.</summary>
    public QuarantineApproval? Approval { get; init; }

    /// <summary>What kept the last run from its end, and what to do; null when nothing did.</summary>
    public string? Problem { get; init; }

    /// <summary>The status as text, with a line break at the end.</summary>
    public string ToText() => StatusText.Of(this);

    /// <summary>The status as JSON.</summary>
    public byte[] ToUtf8Json() => JsonSerializer.SerializeToUtf8Bytes(this, QuarantineJson.Default.QuarantineStatus);
}
