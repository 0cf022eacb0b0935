namespace IotOps.Defender;

/// <summary>What a publisher has done since it was made.</summary>
/// <param name="Built">Reports made and encoded.</param>
/// <param name="Failed">Reports that could not be made: the collector threw, or the report broke a rule.</param>
/// <param name="Superseded">Reports that waited for the connection until a newer one took their place.</param>
/// <param name="Published">Publications begun; a report that is tried again counts again.</param>
/// <param name="Accepted">Reports the service accepted.</param>
/// <param name="Rejected">Reports the service rejected, the throttled ones included.</param>
/// <param name="Throttled">Reports rejected because they came too often.</param>
/// <param name="Unanswered">Reports without an answer in time: what became of them is not known.</param>
/// <param name="Malformed">Answers that could not be read.</param>
/// <param name="Violations">Alarms of the device's own rules that began or ended.</param>
/// <param name="ViolationsDropped">Of these, what could not be published before a hundred newer ones came.</param>
public sealed record DefenderStatistics(
    long Built,
    long Failed,
    long Superseded,
    long Published,
    long Accepted,
    long Rejected,
    long Throttled,
    long Unanswered,
    long Malformed,
    long Violations,
    long ViolationsDropped)
{
    /// <summary>When the service last accepted a report; null before the first.</summary>
    public DateTimeOffset? LastAcceptedAt { get; init; }

    /// <summary>Why the last report that was not accepted was not: it could not be made or published, was rejected or not answered. Null when all were; it stays after a later one was accepted.</summary>
    public string? LastError { get; init; }

    /// <summary>When that was.</summary>
    public DateTimeOffset? LastErrorAt { get; init; }
}
