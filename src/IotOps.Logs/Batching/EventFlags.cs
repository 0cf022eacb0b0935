namespace IotOps.Logs.Batching;

/// <summary>What a batch remembers of an event beside its text and time.</summary>
[Flags]
internal enum EventFlags
{
    None = 0,

    /// <summary>Stamped by the device's clock when it arrived, so the service's clock may correct it.</summary>
    Arrival = 1 << 28,

    /// <summary>The service refused the event's time; it goes with the time of sending.</summary>
    SendNow = 1 << 29,

    /// <summary>Accepted, rejected or quarantined: not to be sent again.</summary>
    Done = 1 << 30,
}
