namespace IotOps.Fleet;

/// <summary>The bounds of a <see cref="CloudTrailReader"/>.</summary>
public sealed record CloudTrailReaderOptions
{
    /// <summary>
    /// Events whose ids are remembered, so that one that was delivered twice comes out once; 40 to 80 bytes each. A repetition further away than half of
    /// them may be missed. 0 remembers none. 1,000,000 by default.
    /// </summary>
    public int RememberedEvents { get; init; } = 1_000_000;

    /// <summary>Bytes that a record may have. CloudTrail's have 256 KB at most, in event data stores 1 MB. 4 MiB by default.</summary>
    public int MaxRecordBytes { get; init; } = 4 << 20;

    /// <summary>Problems that are kept in <see cref="CloudTrailReader.Problems"/>; all are counted. 1,000 by default.</summary>
    public int KeptProblems { get; init; } = 1_000;

    /// <summary>Objects that are requested from S3 ahead of the one being read. 4 by default.</summary>
    public int FetchAhead { get; init; } = 4;

    /// <summary>
    /// Addenda that wait for the event they complete; further ones come out as they are. They hold at most <see cref="MaxRecordBytes"/> in all. 1,000 by default.
    /// </summary>
    public int WaitingAddenda { get; init; } = 1_000;
}
