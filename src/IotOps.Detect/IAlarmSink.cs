namespace IotOps.Detect;

/// <summary>A place where alarms arrive: a topic, a web hook, a channel.</summary>
public interface IAlarmSink
{
    /// <summary>For status and logs; unique in a dispatcher.</summary>
    string Name { get; }

    /// <summary>
    /// Sends a message and returns when the receiver has it. An exception leaves open whether it has: the message is then sent again, with the
    /// same <see cref="AlarmMessage.Id"/>.
    /// </summary>
    /// <param name="message">What to send.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task SendAsync(AlarmMessage message, CancellationToken cancellationToken);
}
