namespace IotOps.Mqtt;

/// <summary>What the broker publishes in the client's name when the connection ends without a DISCONNECT.</summary>
public sealed record MqttWill
{
    /// <summary>Where to; no wildcards.</summary>
    public required string Topic { get; init; }

    /// <summary>The message, 65,535 bytes at most.</summary>
    public ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>How it is delivered.</summary>
    public MqttQualityOfService QualityOfService { get; init; } = MqttQualityOfService.AtLeastOnce;

    /// <summary>What it says beside the payload; null for nothing.</summary>
    public MqttPublishOptions? Options { get; init; }

    /// <summary>MQTT 5: how long the broker waits for the client to come back first; whole seconds.</summary>
    public TimeSpan Delay { get; init; }
}
