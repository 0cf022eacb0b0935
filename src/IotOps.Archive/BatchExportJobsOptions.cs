using Amazon.Runtime;
using IotOps.Aws;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace IotOps.Archive;

/// <summary>Which queue of AWS Batch runs the exports, and by which job definition.</summary>
public sealed record BatchExportJobsOptions
{
    /// <summary>AWS region, such as <c>eu-west-1</c>.</summary>
    public required string Region { get; init; }

    /// <summary>Name or ARN of the job queue.</summary>
    public required string JobQueue { get; init; }

    /// <summary>
    /// Name, <c>name:revision</c> or ARN of the job definition, without revision the newest active one. Its command refers to
    /// <c>Ref::Identifier</c>, <c>Ref::Category</c>, <c>Ref::Date</c> and <c>Ref::Request</c>. A request with hours,
    /// a zone, a text or <see cref="LogExportRequest.KeepUnreadable"/> overrides it with <c>generate-ziplog</c> and all its options.
    /// </summary>
    public required string JobDefinition { get; init; }

    /// <summary>
    /// Who signs; null takes the standard AWS credential chain. Needs <c>batch:SubmitJob</c>, <c>batch:ListJobs</c> and, to
    /// cancel, <c>batch:TerminateJob</c>.
    /// </summary>
    public AWSCredentials? Credentials { get; init; }

    /// <summary>Where AWS Batch is; null resolves <c>AWS_ENDPOINT_URL_BATCH</c>, <c>AWS_ENDPOINT_URL</c>, then the region's own endpoint.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>The transport below the signature; null makes one that is owned and disposed. A handler given here stays the caller's.</summary>
    public HttpMessageHandler? Transport { get; init; }

    /// <summary>How patiently a call is tried again. A submission whose answer was lost is looked for before it is repeated.</summary>
    public AwsRetryOptions Retry { get; init; } = new();

    /// <summary>Longest wait for one attempt's answer. 10 s by default.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Clock of signatures, waits and time-outs.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Where calls are logged. Never credentials, never payloads.</summary>
    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;
}
