namespace IotOps.Emulator;

/// <summary>A client that is connected to the broker.</summary>
public sealed record ConnectedClient
{
    /// <summary>Its client id, given by the broker when it brought none.</summary>
    public required string ClientId { get; init; }

    /// <summary>4 for MQTT 3.1.1, 5 for MQTT 5.</summary>
    public required int ProtocolVersion { get; init; }

    /// <summary><c>tcp</c>, <c>tls</c> or <c>websocket</c>.</summary>
    public required string Transport { get; init; }

    /// <summary>The thing its certificate is attached to; null without TLS.</summary>
    public string? ThingName { get; init; }

    /// <summary>The host it named in the TLS handshake (SNI); null when it named none.</summary>
    public string? ServerName { get; init; }

    /// <summary>The protocol agreed on in the TLS handshake (ALPN); null when none was.</summary>
    public string? ApplicationProtocol { get; init; }

    /// <summary>The access key id that signed its WebSocket request; null for other transports.</summary>
    public string? AccessKeyId { get; init; }

    /// <summary>The user name in its CONNECT; null when there was none.</summary>
    public string? UserName { get; init; }

    /// <summary>Whether it asked to forget an earlier session.</summary>
    public required bool CleanStart { get; init; }

    /// <summary>Whether it took up a session that the broker still knew.</summary>
    public required bool SessionPresent { get; init; }

    /// <summary>The keep-alive in force; zero when there is none.</summary>
    public required TimeSpan KeepAlive { get; init; }

    /// <summary>Its topic filters, sorted.</summary>
    public required IReadOnlyList<string> Subscriptions { get; init; }

    /// <summary>QoS 1 messages that were sent to it and not acknowledged.</summary>
    public required int Unacknowledged { get; init; }
}
