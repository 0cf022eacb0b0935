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
}
