using System.IO.Abstractions;
using Amazon.Runtime;
using IotOps.Aws;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace IotOps.Logs;

/// <summary>As whom an <see cref="S3Uploader"/> uploads, and how it cuts large files.</summary>
public sealed record S3UploaderOptions
{
    /// <summary>Who signs; null takes the standard AWS credential chain.</summary>
    public AWSCredentials? Credentials { get; init; }

    /// <summary>Where to call, in path style; null resolves <c>AWS_ENDPOINT_URL_S3</c>, <c>AWS_ENDPOINT_URL</c>, then the region's own endpoint.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>The HTTP transport; null makes one that the uploader owns. A handler given here stays the caller's.</summary>
    public HttpMessageHandler? Transport { get; init; }

    /// <summary>Retries of each request: a part is tried again by itself.</summary>
    public AwsRetryOptions Retry { get; init; } = new() { MaxAttempts = 5 };

    /// <summary>Longest time for one request with its body. A part must fit through the uplink in this time. 15 min by default.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>A file longer than this is uploaded in parts. S3 takes at most 5 GiB in one piece. 64 MiB by default.</summary>
    public long MultipartAbove { get; init; } = 64L << 20;

    /// <summary>Length of a part, at least S3's 5 MiB; grows where a file would otherwise need more than S3's 10,000 parts. 16 MiB by default.</summary>
    public long PartBytes { get; init; } = 16L << 20;

    /// <summary>Parts under way at once. 4 by default.</summary>
    public int MaxParallelParts { get; init; } = 4;

    /// <summary>The file system; tests give another.</summary>
    public IFileSystem FileSystem { get; init; } = new FileSystem();

    /// <summary>Clock of signatures and waits.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Where the uploader logs. Never credentials.</summary>
    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;
}
