namespace IotOps.Fleet;

/// <summary>Where a <see cref="TrailSearch"/> looks.</summary>
public sealed record TrailSearchOptions
{
    /// <summary>Where the bucket is: <see cref="S3TrailObjects"/>.</summary>
    public required ITrailObjects Objects { get; init; }

    /// <summary>The trail's bucket.</summary>
    public required string Bucket { get; init; }

    /// <summary>The trail's key prefix, what comes before <c>AWSLogs/</c>; empty for most.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>Only these accounts; empty for all that the bucket has.</summary>
    public IReadOnlyList<string> Accounts { get; init; } = [];

    /// <summary>Only these regions; empty for all that the bucket has.</summary>
    public IReadOnlyList<string> Regions { get; init; } = [];

    /// <summary>
    /// How much later than the end of the range a file may be that is still looked into. CloudTrail delivers within about 5 minutes on average, and
    /// within hours when a service has an outage. 2 h by default.
    /// </summary>
    public TimeSpan LateDelivery { get; init; } = TimeSpan.FromHours(2);

    /// <summary>Objects that are requested from S3 ahead of the one being read. 4 by default.</summary>
    public int FetchAhead { get; init; } = 4;
}
