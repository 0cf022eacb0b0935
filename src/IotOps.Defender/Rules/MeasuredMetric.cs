namespace IotOps.Defender.Rules;

/// <summary>What a behavior can be about.</summary>
internal enum MeasuredMetric
{
    BytesIn,
    BytesOut,
    PacketsIn,
    PacketsOut,
    EstablishedConnections,
    ListeningTcpPortCount,
    ListeningUdpPortCount,
    ListeningTcpPorts,
    ListeningUdpPorts,
    DestinationAddresses,
    MessageBytes,
    MessagesSent,
    MessagesReceived,
    AuthorizationFailures,
    ConnectionAttempts,
    Disconnects,
    DisconnectDuration,
    SourceAddresses,
    Custom,
}
