namespace IotOps.Fleet;

/// <summary>Which digests a <see cref="DigestValidator"/> validates.</summary>
public sealed record DigestValidatorOptions
{
    /// <summary>Where the bucket is: <see cref="S3TrailObjects"/>.</summary>
    public required ITrailObjects Objects { get; init; }

    /// <summary>The trail's bucket.</summary>
    public required string Bucket { get; init; }

    /// <summary>The trail's key prefix, what comes before <c>AWSLogs/</c>; empty for most.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>The public keys: <see cref="CloudTrailPublicKeys"/>, of the region whose digests are validated.</summary>
    public required ITrailPublicKeys PublicKeys { get; init; }

    /// <summary>Only these accounts; empty for all that the bucket has.</summary>
    public IReadOnlyList<string> Accounts { get; init; } = [];

    /// <summary>Only these regions; empty for all that the bucket has. Keys are regional, so most validations are of one.</summary>
    public IReadOnlyList<string> Regions { get; init; } = [];

    /// <summary>Log files that are requested from S3 ahead of the one being hashed. 4 by default.</summary>
    public int FetchAhead { get; init; } = 4;

    /// <summary>Now: a digest that cannot be there yet is not missing.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
