using Amazon.Runtime;

namespace IotOps.Archive;

/// <summary>Where objects are read, and as whom.</summary>
public sealed record SignedObjectReaderOptions
{
    /// <summary>Region of the buckets, such as <c>eu-west-1</c>.</summary>
    public required string Region { get; init; }

    /// <summary>Who signs; null takes the standard AWS credential chain.</summary>
    public AWSCredentials? Credentials { get; init; }

    /// <summary>
    /// Where S3 is; null resolves <c>AWS_ENDPOINT_URL_S3</c>, <c>AWS_ENDPOINT_URL</c>, then the region's own endpoint. Buckets are in the
    /// host name on AWS's own endpoints, in the path elsewhere.
    /// </summary>
    public Uri? Endpoint { get; init; }

    /// <summary>The transport below the signature; null makes one that the reader owns. A handler given here stays the caller's.</summary>
    public HttpMessageHandler? Transport { get; init; }

    /// <summary>Clock of signatures.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
