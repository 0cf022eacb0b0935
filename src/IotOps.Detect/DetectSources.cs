namespace IotOps.Detect;

/// <summary>What a fleet's queue gets; a behavior whose metric comes from elsewhere is refused by name.</summary>
[Flags]
public enum DetectSources
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Reports of devices: <see cref="DetectRules.ReportSql"/>. All device-side and custom metrics.</summary>
    Reports = 1,

    /// <summary>
    /// Lifecycle events: <see cref="DetectRules.LifecycleSql"/>. <c>aws:num-connection-attempts</c>, <c>aws:num-disconnects</c>,
    /// <c>aws:disconnect-duration</c>, <c>aws:source-ip-address</c>, and of <c>aws:num-authorization-failures</c> those of connecting.
    /// </summary>
    Lifecycle = 2,

    /// <summary>Entries of the AWS IoT logs. All of <c>aws:num-authorization-failures</c>, and more source addresses.</summary>
    Logs = 4,

    /// <summary>The second rule: <see cref="DetectRules.MessagesSql"/>. <c>aws:message-byte-size</c>, <c>aws:num-messages-sent</c>.</summary>
    Messages = 8,

    /// <summary>Its other half: <see cref="DetectRules.ReceivedMessagesSql"/>. <c>aws:num-messages-received</c>.</summary>
    ReceivedMessages = 16,
}
