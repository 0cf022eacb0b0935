namespace IotOps.Fleet;

/// <summary>A behavior of a thing is violated, or is so no more. Detect is closed to new accounts since 2026-08-31: they never get one.</summary>
/// <param name="ThingName">The thing.</param>
/// <param name="Event">in-alarm, alarm-cleared or alarm-invalidated; new ones are kept.</param>
public sealed record DetectNotification(string ThingName, string Event) : DefenderNotification
{
    /// <summary>The violation.</summary>
    public string? ViolationId { get; init; }

    /// <summary>When.</summary>
    public DateTimeOffset? Time { get; init; }

    /// <summary>The security profile.</summary>
    public string? SecurityProfile { get; init; }

    /// <summary>The behavior.</summary>
    public string? Behavior { get; init; }

    /// <summary>The metric, such as <c>aws:num-messages-sent</c>; null for a behavior of all.</summary>
    public string? Metric { get; init; }

    /// <summary>What is normal, in words: <c>less-than 50 in 300 s</c>; null when the message does not say.</summary>
    public string? Normal { get; init; }

    /// <summary>What was measured, as JSON: a number, or an array of addresses, ports or texts; null when the message does not say.</summary>
    public string? Value { get; init; }

    /// <summary>How sure an ML behavior is: LOW, MEDIUM or HIGH; null for others.</summary>
    public string? Confidence { get; init; }

    /// <summary>Whether the behavior is violated now.</summary>
    public bool IsInAlarm => Event == "in-alarm";
}
