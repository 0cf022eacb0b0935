namespace IotOps.Logs;

/// <summary>Where reading begins in a file that was there before the first run.</summary>
public enum LogStart
{
    /// <summary>With its first byte.</summary>
    Beginning,

    /// <summary>With what is written from now on.</summary>
    End,
}
