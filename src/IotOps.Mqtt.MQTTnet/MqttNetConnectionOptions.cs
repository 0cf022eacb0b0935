namespace IotOps.Mqtt;

/// <summary>What an <see cref="MqttNetConnection"/> adds to its MQTTnet client. Where to connect, as whom, and when again, is the client's.</summary>
public sealed record MqttNetConnectionOptions
{
    /// <summary>
    /// What the broker allows. Topics, payloads and the number of filters are checked before anything is sent;
    /// <see cref="MqttLimits.UnacknowledgedPublishes"/> is the window of publications, those beyond wait. Rates, keep-alive and client id are not
    /// checked: they are the client's.
    /// </summary>
    public MqttLimits Limits { get; init; } = MqttLimits.AwsIotCore;

    /// <summary>
    /// Longest time for a publication, its wait for the window included, and for the broker's answer to a SUBSCRIBE; afterwards it fails. The
    /// Timeout of the client's options does not count here. 30 s by default.
    /// </summary>
    public TimeSpan AcknowledgeTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Longest time that disposing the connection or a subscription waits for the broker's answer to an UNSUBSCRIBE. 5 s by default.</summary>
    public TimeSpan CloseTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Clock of these two. MQTTnet's own timers go by the system's.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    internal static void Check(MqttNetConnectionOptions options)
    {
        string? wrong = options switch
        {
            { Limits: { FiltersPerPacket: < 1 } or { UnacknowledgedPublishes: < 1 } } => "Limits: FiltersPerPacket and UnacknowledgedPublishes must be 1 or more.",
            _ when options.AcknowledgeTimeout <= TimeSpan.Zero => $"AcknowledgeTimeout must be longer than zero, but is {options.AcknowledgeTimeout}.",
            _ when options.CloseTimeout < TimeSpan.Zero => $"CloseTimeout cannot be negative, but is {options.CloseTimeout}.",
            _ => null,
        };
        if (wrong is not null)
        {
            throw new ArgumentException(wrong, nameof(options));
        }
    }
}
