using IotOps.Archive;

namespace IotOps.Samples.LogExport;

/// <summary>What export.json5 says, an environment chosen and variables applied.</summary>
internal sealed record ExportConfig
{
    public required string Bucket { get; init; }

    public required string Output { get; init; }

    public required TimeSpan LinkValidity { get; init; }

    public required LogLayout Layout { get; init; }

    /// <summary>Region of the bucket; null takes the process's.</summary>
    public string? Region { get; init; }

    /// <summary>A role in the environment's account; null acts as the process itself.</summary>
    public string? RoleArn { get; init; }

    /// <summary>AWS Batch job queue.</summary>
    public string? JobQueue { get; init; }

    /// <summary>AWS Batch job definition.</summary>
    public string? JobDefinition { get; init; }
}
