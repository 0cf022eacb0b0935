namespace IotOps.Mqtt;

/// <summary>What a publication says beside its payload. All but <see cref="Retain"/> need MQTT 5; on a 3.1.1 connection they are left out.</summary>
public sealed record MqttPublishOptions
{
    /// <summary>The broker keeps the message for later subscribers of the topic.</summary>
    public bool Retain { get; init; }

    /// <summary>The broker drops the message when it could not be delivered by then; whole seconds. Null: never.</summary>
    public TimeSpan? MessageExpiry { get; init; }

    /// <summary>Where an answer is expected.</summary>
    public string? ResponseTopic { get; init; }

    /// <summary>What an answer must carry to be recognised.</summary>
    public ReadOnlyMemory<byte> CorrelationData { get; init; }

    /// <summary>The payload's MIME type, such as <c>application/json</c>.</summary>
    public string? ContentType { get; init; }

    /// <summary>Whether the payload is said to be UTF-8 text.</summary>
    public bool PayloadIsUtf8 { get; init; }

    /// <summary>Pairs for the application, in this order; a name may occur twice.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> UserProperties { get; init; } = [];
}
