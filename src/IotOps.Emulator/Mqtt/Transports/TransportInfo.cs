namespace IotOps.Emulator.Mqtt.Transports;

/// <summary>What is known of a client before its first packet.</summary>
/// <param name="Name">tcp, tls or websocket.</param>
internal sealed record TransportInfo(string Name)
{
    public string? ThingName { get; init; }

    public string? ServerName { get; init; }

    public string? ApplicationProtocol { get; init; }

    public string? AccessKeyId { get; init; }
}
