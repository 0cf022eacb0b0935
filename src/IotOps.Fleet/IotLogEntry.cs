namespace IotOps.Fleet;

/// <summary>
/// An entry of the AWS IoT logs, or any other log line. Members that entries of its kind do not have are null. See
/// https://docs.aws.amazon.com/iot/latest/developerguide/cwl-format.html.
/// </summary>
public sealed record IotLogEntry
{
    /// <summary>When: the entry's own timestamp, else the log event's; null when neither is known.</summary>
    public DateTimeOffset? Time { get; init; }

    /// <summary>Whether it tells a failure: level ERROR or FATAL, or status Failure.</summary>
    public bool IsError { get; init; }

    /// <summary>What happened: <c>Connect</c>, <c>RuleExecution</c> ...; <c>event</c> of LoRaWAN entries; null for free text.</summary>
    public string? EventType { get; init; }

    /// <summary>The reason's code; of older Disconnect entries their disconnectReason.</summary>
    public string? Reason { get; init; }

    /// <summary>The client; null also for <c>N/A</c>.</summary>
    public string? ClientId { get; init; }

    /// <summary>The certificate, or the caller behind another credential.</summary>
    public string? Principal { get; init; }

    /// <summary>The address that it came from.</summary>
    public string? SourceIp { get; init; }

    /// <summary>The rule.</summary>
    public string? Rule { get; init; }

    /// <summary>What is said in words: details, LoRaWAN's message, or the line of free text.</summary>
    public string? Details { get; init; }
}
