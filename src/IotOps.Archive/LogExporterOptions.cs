using Amazon.Runtime;
using Amazon.S3;
using IotOps.Archive.Zip;
using IotOps.Aws;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace IotOps.Archive;

/// <summary>Where logs lie, where zips go, and how much may be used for it.</summary>
public sealed record LogExporterOptions
{
    /// <summary>
    /// Lists, uploads and signs links. Stays the caller's. It needs <c>s3:ListBucket</c>, <c>s3:ListBucketMultipartUploads</c>,
    /// <c>s3:GetObject</c>, <c>s3:PutObject</c>, <c>s3:AbortMultipartUpload</c>, <c>s3:ListMultipartUploadParts</c> and
    /// <c>s3:DeleteObject</c>, the last ones on <see cref="Output"/> alone.
    /// </summary>
    public required IAmazonS3 S3 { get; init; }

    /// <summary>The bucket of the logs, and of the zips unless <see cref="OutputBucket"/> is set.</summary>
    public required string Bucket { get; init; }

    /// <summary>Where the logs lie in it.</summary>
    public required LogLayout Layout { get; init; }

    /// <summary>Reads the objects; null reads them through <see cref="S3"/>, which is several times slower for small ones. Stays the caller's.</summary>
    public ILogObjectReader? Reader { get; init; }

    /// <summary>The credentials that <see cref="S3"/> signs with, so that a link's end is known when they are temporary; null says that they are not.</summary>
    public AWSCredentials? Credentials { get; init; }

    /// <summary>Another bucket for the zips; null is <see cref="Bucket"/>.</summary>
    public string? OutputBucket { get; init; }

    /// <summary>Key prefix of the zips, without a slash at its end. Give it a lifecycle rule that expires what is in it. <c>slack/iot-logs</c> by default.</summary>
    public string Output { get; init; } = "slack/iot-logs";

    /// <summary>How long a link is asked to be valid, 1 second to 7 days. 1 h by default.</summary>
    public TimeSpan LinkValidity { get; init; } = TimeSpan.FromMinutes(60);

    /// <summary>How hard the zip is compressed. <see cref="DeflateProfile.Balanced"/> by default.</summary>
    public DeflateProfile Profile { get; init; } = DeflateProfile.Balanced;

    /// <summary>Threads that compress; by default one a processor.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Bytes of objects that are fetched ahead and wait in memory, at least 1 MiB. A larger object flows through with 1 MiB. 8 MiB by default.</summary>
    public long FetchAheadBytes { get; init; } = 8L << 20;

    /// <summary>Objects that are requested at once, 1 to 1,024. 64 by default.</summary>
    public int ParallelRequests { get; init; } = 64;

    /// <summary>Bytes of a part of the upload, 5 MiB to 5 GiB; grows for a zip that would need more than 10,000 of them. Above 32 MiB parts wait on disk. 8 MiB by default.</summary>
    public long PartBytes { get; init; } = 8L << 20;

    /// <summary>Parts that are uploaded at once, 1 to 16. 2 by default.</summary>
    public int ParallelParts { get; init; } = 2;

    /// <summary>Where parts above 32 MiB wait; null is the system's directory for temporary files.</summary>
    public string? SpoolDirectory { get; init; }

    /// <summary>What happens when an object cannot be read as it was listed. <see cref="LostObjectPolicy.Fail"/> by default.</summary>
    public LostObjectPolicy LostObjects { get; init; } = LostObjectPolicy.Fail;

    /// <summary>Where an export with an <see cref="LogExportRequest.Id"/> keeps what it needs to go on; null is S3, under <c>requests/</c> in <see cref="Output"/>.</summary>
    public IExportStore? Store { get; init; }

    /// <summary>How patiently S3 is tried again: 503 SlowDown is normal there.</summary>
    public AwsRetryOptions Retry { get; init; } = new() { MaxAttempts = 12, BaseDelay = TimeSpan.FromMilliseconds(100), MaxDelay = TimeSpan.FromSeconds(20) };

    /// <summary>Longest silence of a download before it is begun again where it was. 30 s by default.</summary>
    public TimeSpan DownloadTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Longest time for tidying up after a cancellation: it leaves room within the 30 s that AWS Batch waits after SIGTERM. 20 s by default.</summary>
    public TimeSpan EndTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Clock of keys, links, waits and time-outs.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Where the exporter logs. Never credentials, links, payloads.</summary>
    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;

    /// <summary>Plain bytes that a file of the zip is bound to where it is not expected to have more.</summary>
    internal long LargestBoundEntry { get; init; } = ZipFormat.LargestNarrow;

    internal LogExporterOptions Checked(string parameter)
    {
        string? wrong = this switch
        {
            { S3: null } => "S3 is missing.",
            { Layout: null } => "Layout is missing.",
            { Bucket: null or "" } => "Bucket is empty.",
            { Output: null or "" } => "Output is empty: without a prefix of their own the zips lie among the logs.",
            _ when Output.EndsWith('/') || Output.StartsWith('/') => $"Output is '{Output}': it has no slash at its ends.",
            _ when LinkValidity < TimeSpan.FromSeconds(1) || LinkValidity > SigV4Signer.LongestPresign => $"LinkValidity is {LinkValidity}: a link is valid for 1 second to 7 days.",
            { Threads: < 1 or > 256 } => $"Threads is {Threads}: 1 to 256 threads compress.",
            { FetchAheadBytes: < 1 << 20 } => $"FetchAheadBytes is {FetchAheadBytes}: at least 1 MiB.",
            { ParallelRequests: < 1 or > 1_024 } => $"ParallelRequests is {ParallelRequests}: 1 to 1,024.",
            { PartBytes: < Uploading.PartPlan.SmallestPart or > Uploading.PartPlan.LargestPart } => $"PartBytes is {PartBytes}: a part has 5 MiB to 5 GiB.",
            { ParallelParts: < 1 or > 16 } => $"ParallelParts is {ParallelParts}: 1 to 16.",
            { Retry.MaxAttempts: < 1 } => "Retry.MaxAttempts counts the first attempt and is at least 1.",
            _ when DownloadTimeout <= TimeSpan.Zero || EndTimeout <= TimeSpan.Zero => "DownloadTimeout and EndTimeout are longer than zero.",
            _ => null,
        };
        return wrong is null ? this : throw new ArgumentException(wrong, parameter);
    }
}
