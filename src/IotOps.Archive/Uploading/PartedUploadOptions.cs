namespace IotOps.Archive.Uploading;

/// <summary>What a <see cref="PartedUpload"/> makes, and how.</summary>
internal sealed record PartedUploadOptions
{
    public required string Key { get; init; }

    public required PartPlan Plan { get; init; }

    /// <summary>Begins the upload, when there is none yet.</summary>
    public required Func<CancellationToken, Task<string>> CreateAsync { get; init; }

    /// <summary>An upload that was begun already.</summary>
    public string? UploadId { get; init; }

    /// <summary>Number of its first part; above 1 where several writers share an upload.</summary>
    public int FirstPart { get; init; } = 1;

    /// <summary>The last number that may be used.</summary>
    public int LastPart { get; init; } = PartPlan.MostParts;

    public int ParallelParts { get; init; } = 2;

    /// <summary>Where parts above 32 MiB wait.</summary>
    public required string SpoolDirectory { get; init; }

    public string ContentType { get; init; } = "application/zip";
}
