namespace IotOps.Mqtt;

/// <summary>How <see cref="MqttConnectionExtensions.ReceiveAsync"/> receives.</summary>
public sealed record MqttReceiveOptions
{
    /// <summary>Of each subscription; null for the defaults.</summary>
    public MqttSubscribeOptions? Subscription { get; init; }

    /// <summary>Called when the broker has granted all filters: from now on messages arrive. An exception of it ends the enumeration.</summary>
    public Action? OnSubscribed { get; init; }

    /// <summary>
    /// Called when the broker has refused the filters or the subscription has failed, with the reason and the wait before the next attempt.
    /// An exception of it ends the enumeration.
    /// </summary>
    public Action<Exception, TimeSpan>? OnFailed { get; init; }

    /// <summary>Clock of the waits.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
