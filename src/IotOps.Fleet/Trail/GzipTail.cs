namespace IotOps.Fleet.Trail;

/// <summary>What follows the first gzip member of a file. CloudTrail's files have nothing there, not even zeros.</summary>
internal enum GzipTail
{
    /// <summary>The file ends.</summary>
    Nothing,

    /// <summary>Another member begins.</summary>
    Member,

    /// <summary>Bytes that are no gzip.</summary>
    Garbage,
}
