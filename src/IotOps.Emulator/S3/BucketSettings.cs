namespace IotOps.Emulator.S3;

/// <summary>What a bucket was configured to do.</summary>
internal sealed record BucketSettings
{
    public Versioning Versioning { get; init; }

    /// <summary>Rules as they are given back; null when there are none.</summary>
    public LifecycleConfiguration? Lifecycle { get; init; }
}
