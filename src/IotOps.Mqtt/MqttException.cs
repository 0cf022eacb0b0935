using IotOps.Mqtt.Codec;

namespace IotOps.Mqtt;

/// <summary>The broker refused something, could not be reached, or a limit does not allow it.</summary>
public sealed class MqttException : Exception
{
    /// <summary>Describes a failure.</summary>
    /// <param name="message">What failed, with which input, and what to do about it; never a secret.</param>
    /// <param name="innerException">The network error behind it, when there was one.</param>
    public MqttException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>The broker's reason (3.1.1 return codes are given as their MQTT 5 equals); null when the broker said none.</summary>
    public MqttReasonCode? Reason { get; init; }

    /// <summary>True when the same may succeed later: a lost link, a busy broker, a quota.</summary>
    public bool IsTransient { get; init; }

    /// <summary>
    /// A refusal by the broker: the message ends with the reason's name, its code and the broker's own words; <see cref="IsTransient"/> follows
    /// from the reason.
    /// </summary>
    /// <param name="what">What was refused, with its input: <c>The broker refused the subscription to 'a/#'</c>.</param>
    /// <param name="reason">The broker's reason.</param>
    /// <param name="words">The broker's reason string; null when it sent none.</param>
    public static MqttException Refused(string what, MqttReasonCode reason, string? words = null) =>
        new($"{what}: {ReasonText.Of(reason, words)}") { Reason = reason, IsTransient = ReasonText.IsTransient(reason) };
}
