namespace IotOps.Detect.Evaluating;

/// <summary>The metrics that the cloud measures; <see cref="None"/> is one that the device reports.</summary>
internal enum CloudMetric
{
    None,
    MessageBytes,
    MessagesSent,
    MessagesReceived,
    AuthorizationFailures,
    ConnectionAttempts,
    Disconnects,
    DisconnectDuration,
    SourceAddresses,
}
