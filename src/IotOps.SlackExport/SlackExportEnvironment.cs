using Amazon.Runtime;
using IotOps.Archive;

namespace IotOps.SlackExport;

/// <summary>One account or stage: where its logs and zips are, who acts there, and which AWS Batch queue exports.</summary>
public sealed record SlackExportEnvironment
{
    /// <summary>What users type, such as <c>prod</c>: letters, digits, <c>-</c> and <c>_</c>. Null where there is only one environment.</summary>
    public string? Name { get; init; }

    /// <summary>The bucket of the logs, the zips and, below <c>slack/</c>, the requests. Give it a lifecycle rule that expires what is below <c>slack/</c> after a day.</summary>
    public required string Bucket { get; init; }

    /// <summary>Key prefix of the zips, without a slash at its ends; <c>slack/iot-logs</c> by default.</summary>
    public string Output { get; init; } = "slack/iot-logs";

    /// <summary>How long a link is asked to be valid, 1 second to 7 days; 60 minutes by default.</summary>
    public TimeSpan LinkValidity { get; init; } = TimeSpan.FromMinutes(60);

    /// <summary>Region of the bucket, such as <c>eu-west-1</c>. Null, the default, takes the process's: <c>AWS_REGION</c>, <c>AWS_DEFAULT_REGION</c>, then the profile's.</summary>
    public string? Region { get; init; }

    /// <summary>Where S3 and AWS Batch are, such as an emulator. Null, the default, resolves <c>AWS_ENDPOINT_URL_S3</c>, <c>AWS_ENDPOINT_URL_BATCH</c>, <c>AWS_ENDPOINT_URL</c>, then the region's own endpoints.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>Who acts in the environment's account; null, the default, takes the standard AWS credential chain.</summary>
    public AWSCredentials? Credentials { get; init; }

    /// <summary>Name or ARN of the AWS Batch job queue; required unless exports run in the process.</summary>
    public string? JobQueue { get; init; }

    /// <summary>Name, <c>name:revision</c> or ARN of the AWS Batch job definition; required unless exports run in the process.</summary>
    public string? JobDefinition { get; init; }

    /// <summary>Changes how its exports are made, such as compression and memory; called once, with all of the above filled in. Null, the default, leaves <see cref="LogExporterOptions"/> as they are, with lost objects skipped and listed.</summary>
    public Func<LogExporterOptions, LogExporterOptions>? ConfigureExporter { get; init; }

    /// <summary>How messages call it.</summary>
    internal string Title => Name is null ? "the environment" : $"the environment '{Name}'";
}
