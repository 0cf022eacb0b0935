namespace IotOps.Defender;

/// <summary>What happened to an alarm.</summary>
public enum ViolationEventType
{
    /// <summary><c>in-alarm</c>: so many consecutive datapoints were violations.</summary>
    InAlarm,

    /// <summary><c>alarm-cleared</c>: so many consecutive datapoints were normal again.</summary>
    AlarmCleared,

    /// <summary><c>alarm-invalidated</c>: the behavior was removed or changed while it was in alarm.</summary>
    AlarmInvalidated,
}
