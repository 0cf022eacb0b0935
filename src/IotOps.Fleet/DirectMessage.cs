namespace IotOps.Fleet;

/// <summary>A message for one connected client. See https://docs.aws.amazon.com/iot/latest/developerguide/direct-messaging.html.</summary>
public sealed record DirectMessage
{
    /// <summary>Who gets it: a client id of 1 to 128 bytes.</summary>
    public required string ClientId { get; init; }

    /// <summary>The topic that the client sees; no wildcard, and none that begins with <c>$</c>.</summary>
    public required string Topic { get; init; }

    /// <summary>The message, 128 KiB at most.</summary>
    public ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>
    /// Sends with QoS 1 and waits so long for the client's PUBACK: whole seconds, 1 to 15. Null, the default, sends with QoS 0 and waits for
    /// nothing.
    /// </summary>
    public TimeSpan? ConfirmWithin { get; init; }

    /// <summary>MQTT 5: what the payload is, such as <c>application/json</c>; null for nothing.</summary>
    public string? ContentType { get; init; }

    /// <summary>MQTT 5: where the client answers; null for nothing.</summary>
    public string? ResponseTopic { get; init; }

    /// <summary>MQTT 5: what the client repeats in its answer; empty for nothing.</summary>
    public ReadOnlyMemory<byte> CorrelationData { get; init; }

    /// <summary>MQTT 5: pairs of text for the client. A client of MQTT 3.1.1 gets the message without them.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> UserProperties { get; init; } = [];
}
