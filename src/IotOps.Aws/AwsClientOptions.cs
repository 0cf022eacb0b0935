using Amazon.Runtime;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace IotOps.Aws;

/// <summary>Which service to call, as whom, and how patiently.</summary>
public sealed record AwsClientOptions
{
    /// <summary>The service.</summary>
    public required AwsService Service { get; init; }

    /// <summary>AWS region, such as <c>eu-west-1</c>.</summary>
    public required string Region { get; init; }

    /// <summary>Who signs; null takes the standard AWS credential chain.</summary>
    public AWSCredentials? Credentials { get; init; }

    /// <summary>Where to call; null takes what <see cref="AwsEndpoint.Resolve"/> finds.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>
    /// Root certificates, PEM, to trust instead of the system's; null takes <c>AWS_CA_BUNDLE</c>, then <c>ca_bundle</c> of the profile, then the
    /// system's. Not used with a <see cref="Transport"/>.
    /// </summary>
    public string? CaFile { get; init; }

    /// <summary>The transport below the signature; null makes one that the client owns and disposes. A handler given here stays the caller's.</summary>
    public HttpMessageHandler? Transport { get; init; }

    /// <summary>Retries.</summary>
    public AwsRetryOptions Retry { get; init; } = new();

    /// <summary>Longest wait for one attempt's answer. 1 min by default.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Largest answer taken into memory, bytes; a larger one fails with the code <c>AnswerTooLarge</c>. Of a refusal at most 64 KiB are read. For
    /// large bodies put <see cref="SigV4Handler"/> under an <see cref="HttpClient"/>. 16 MiB by default.
    /// </summary>
    public int MaxResponseBytes { get; init; } = 16 << 20;

    /// <summary>Clock of signatures, waits and time-outs.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Where the client logs. Never credentials, never payloads.</summary>
    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;
}
