using Amazon.Runtime;
using IotOps.Archive;
using IotOps.Aws;
using IotOps.Samples.CommandLine;
using IotOps.SlackExport;

namespace IotOps.Samples.LogExport.Configuration;

/// <summary>What export.json5 says, an environment chosen and variables applied.</summary>
internal sealed record ExportConfig
{
    /// <summary>Empty where only environments have one; <see cref="WithBucket"/> is asked before it is used.</summary>
    public required string Bucket { get; init; }

    public required string Output { get; init; }

    public required TimeSpan LinkValidity { get; init; }

    public required LogLayout Layout { get; init; }

    /// <summary>The zone that days are of, where a command names none; null is UTC.</summary>
    public string? TimeZone { get; init; }

    /// <summary>Region of the bucket; null takes the process's.</summary>
    public string? Region { get; init; }

    /// <summary>A role in the environment's account; null acts as the process itself.</summary>
    public string? RoleArn { get; init; }

    /// <summary>The word that the role wants to hear; null for none.</summary>
    public string? ExternalId { get; init; }

    /// <summary>Names of all environments.</summary>
    public IReadOnlyList<string> Environments { get; init; } = [];

    /// <summary>The Slack command.</summary>
    public SlackConfig Slack { get; init; } = new();

    /// <summary>AWS Batch job queue.</summary>
    public string? JobQueue { get; init; }

    /// <summary>AWS Batch job definition.</summary>
    public string? JobDefinition { get; init; }

    /// <summary>The environment as the package takes it.</summary>
    public SlackExportEnvironment ToEnvironment(string? name) => new()
    {
        Name = name,
        Bucket = Bucket,
        Output = Output,
        LinkValidity = LinkValidity,
        Region = Region,
        Credentials = RoleArn is { } role
            ? new AssumeRoleAWSCredentials(AwsCredentialChain.Default(), role, "iotops-log-export", new AssumeRoleAWSCredentialsOptions { ExternalId = ExternalId })
            : null,
        JobQueue = JobQueue,
        JobDefinition = JobDefinition,
    };

    /// <summary>Itself, when it has a bucket.</summary>
    /// <exception cref="UsageException">It has none.</exception>
    public ExportConfig WithBucket() => Bucket.Length > 0
        ? this
        : throw new UsageException(Environments.Count == 0
            ? "no bucket is set: give 'bucket' in the configuration, or LOGEXPORT_BUCKET"
            : $"no bucket is set outside of the environments: give 'bucket' in the configuration, or LOGEXPORT_BUCKET, or choose one of {string.Join(", ", Environments)}");
}
