namespace IotOps.Logs;

/// <summary>What becomes of an event whose time lies outside what CloudWatch Logs takes: 14 days back (or the group's retention), 2 hours ahead.</summary>
public enum OldEvents
{
    /// <summary>It is sent with the time of sending; its text, with the original time, stays as it is. Counted.</summary>
    ArrivalTime,

    /// <summary>It is not sent. Counted.</summary>
    Reject,
}
