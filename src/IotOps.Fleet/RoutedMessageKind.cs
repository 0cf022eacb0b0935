namespace IotOps.Fleet;

/// <summary>What a routed message is.</summary>
public enum RoutedMessageKind
{
    /// <summary>What an IoT rule sent: any JSON object that is nothing of the below.</summary>
    RuleMessage,

    /// <summary>An EventBridge event.</summary>
    EventBridge,

    /// <summary>What an IoT rule's error action sends when an action failed.</summary>
    RuleError,

    /// <summary>A lifecycle event of AWS IoT: a client connected, disconnected, failed to connect, subscribed or unsubscribed.</summary>
    Lifecycle,

    /// <summary>A Device Defender Audit notification.</summary>
    Audit,

    /// <summary>A Device Defender Detect notification.</summary>
    Detect,
}
