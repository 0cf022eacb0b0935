namespace IotOps.Mqtt.Tests.Contract;

/// <summary>What a test of the contract asks of a connection.</summary>
public sealed record ContractTerms
{
    /// <summary>Loopback port of a broker without TLS.</summary>
    public required int Port { get; init; }

    /// <summary>The version spoken.</summary>
    public required MqttProtocolVersion ProtocolVersion { get; init; }

    /// <summary>A session of its own, which the broker keeps.</summary>
    public string ClientId { get; init; } = "THING00001";

    /// <summary>The window of QoS 1 publications.</summary>
    public int MaxInFlight { get; init; } = 100;

    /// <summary>What is checked before sending; AWS's filters a packet, and nothing that takes time.</summary>
    public MqttLimits Limits { get; init; } = MqttLimits.None with { FiltersPerPacket = 8, TopicBytes = 256 };

    /// <summary>Upper end of the delays before connecting again: short, and full jitter.</summary>
    public TimeSpan ReconnectDelay { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Longest time that disposal waits for what is under way.</summary>
    public TimeSpan CloseTimeout { get; init; } = TimeSpan.FromMilliseconds(200);
}
