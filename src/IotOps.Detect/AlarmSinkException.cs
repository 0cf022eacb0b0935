namespace IotOps.Detect;

/// <summary>A receiver of alarms refused a message, or could not be reached. Its text holds no secret.</summary>
public sealed class AlarmSinkException : Exception
{
    /// <summary>Describes it.</summary>
    /// <param name="message">What was refused, and what to do.</param>
    /// <param name="innerException">What is behind it.</param>
    public AlarmSinkException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
