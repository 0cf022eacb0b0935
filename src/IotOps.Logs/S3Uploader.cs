using System.Collections.Concurrent;
using IotOps.Aws;
using IotOps.Logs.Upload;
using Microsoft.Extensions.Logging;

namespace IotOps.Logs;

/// <summary>
/// Files to Amazon S3: streamed, signed, each request retried, large files in parallel parts. Safe for concurrent use.
/// Needs <c>s3:PutObject</c>, and <c>s3:AbortMultipartUpload</c> to clean up after a failed upload in parts.
/// See <see href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html"/>.
/// </summary>
/// <remarks>
/// A failed or cancelled upload in parts is aborted. One that dies with the process, or loses the answer to its very first
/// request, is not: a lifecycle rule (AbortIncompleteMultipartUpload) clears up after those.
/// </remarks>
public sealed class S3Uploader : IDisposable
{
    private readonly S3UploaderOptions _options;
    private readonly ILogger _logger;
    private readonly ConcurrentDictionary<string, AwsClient> _clients = new(StringComparer.Ordinal);

    /// <summary>Makes an uploader; nothing is sent yet.</summary>
    /// <param name="options">As whom, and how; null takes the defaults.</param>
    /// <exception cref="ArgumentException">A limit is outside of what S3 takes.</exception>
    public S3Uploader(S3UploaderOptions? options = null)
    {
        _options = options ?? new S3UploaderOptions();
        string? wrong = _options switch
        {
            { PartBytes: < PartPlan.SmallestPart or > PartPlan.LargestPart } => "PartBytes is between 5 MiB and 5 GiB.",
            { MultipartAbove: < 0 or > PartPlan.LargestPart } => "MultipartAbove is between 0 and 5 GiB.",
            { MaxParallelParts: < 1 } => "MaxParallelParts is at least 1.",
            _ => null,
        };
        if (wrong is not null)
        {
            throw new ArgumentException(wrong, nameof(options));
        }

        _logger = _options.LoggerFactory.CreateLogger<S3Uploader>();
    }

    /// <summary>Uploads one file.</summary>
    /// <param name="region">Region of the bucket, such as <c>eu-west-1</c>.</param>
    /// <param name="bucket">Bucket name.</param>
    /// <param name="key">Object key, 1 to 1,024 bytes of UTF-8.</param>
    /// <param name="path">The file. It must not change until the upload is complete.</param>
    /// <param name="cancellationToken">Ends the upload; an upload in parts is aborted first, within 30 seconds.</param>
    /// <exception cref="ArgumentException">The bucket name or the key is none, or the file is longer than S3 takes.</exception>
    /// <exception cref="IOException">The file cannot be read, is behind a link that is not followed (see <see cref="LogFileOptions.Path"/>), or changed meanwhile.</exception>
    /// <exception cref="AwsException">S3 refused, or stayed out of reach for every attempt.</exception>
    public Task<S3UploaderResult> PutFileAsync(
        string region, string bucket, string key, string path, CancellationToken cancellationToken = default) =>
        PutFileAsync(region, bucket, key, path, new S3UploaderPutOptions(), cancellationToken);

    /// <summary>Uploads one file, with progress or a content type.</summary>
    /// <param name="region">Region of the bucket, such as <c>eu-west-1</c>.</param>
    /// <param name="bucket">Bucket name.</param>
    /// <param name="key">Object key, 1 to 1,024 bytes of UTF-8.</param>
    /// <param name="path">The file. It must not change until the upload is complete, unless <see cref="S3UploaderPutOptions.MayGrow"/> lets it grow.</param>
    /// <param name="put">What goes with the file.</param>
    /// <param name="cancellationToken">Ends the upload; an upload in parts is aborted first, within 30 seconds.</param>
    /// <exception cref="ArgumentException">The bucket name or the key is none, or the file is longer than S3 takes.</exception>
    /// <exception cref="IOException">The file cannot be read, is behind a link that is not followed (see <see cref="LogFileOptions.Path"/>), or changed meanwhile.</exception>
    /// <exception cref="AwsException">S3 refused, or stayed out of reach for every attempt.</exception>
    public async Task<S3UploaderResult> PutFileAsync(
        string region, string bucket, string key, string path, S3UploaderPutOptions put, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(region);
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(put);
        if (put.MaxBytes < 0)
        {
            throw new ArgumentException($"MaxBytes is {put.MaxBytes}; it is zero or more, or null for the whole file.", nameof(put));
        }

        S3Name.ValidateBucket(bucket);
        S3Name.ValidateKey(key);

        var file = SourceFile.Look(_options.FileSystem, path, put);
        bool virtualHosted = _options.Endpoint is null && S3Name.FitsHostName(bucket) && S3Name.IsAwsEndpoint(Client(region).Endpoint);
        var target = new S3Target(Client(region), bucket, key, virtualHosted);
        var progress = new UploadProgress(put.Progress, file.Length);
        try
        {
            S3UploaderResult result = file.Length <= _options.MultipartAbove
                ? await new SinglePut(target, file, put, progress).RunAsync(cancellationToken).ConfigureAwait(false)
                : await new MultipartPut(target, file, put, progress, _options, _logger).RunAsync(cancellationToken).ConfigureAwait(false);
            progress.Done();
            Log.Uploaded(_logger, path, bucket, key, result.Bytes, result.Parts);
            return result;
        }
        catch (InvalidDataException e)
        {
            throw new IOException(e.Message, e);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (AwsClient client in _clients.Values)
        {
            client.Dispose();
        }
    }

    private AwsClient Client(string region) => _clients.GetOrAdd(
        region,
        static (region, options) => new AwsClient(new AwsClientOptions
        {
            Service = AwsService.S3,
            Region = region,
            Credentials = options.Credentials,
            Endpoint = options.Endpoint,
            Transport = options.Transport,
            Retry = options.Retry,
            Timeout = options.Timeout,
            TimeProvider = options.TimeProvider,
            LoggerFactory = options.LoggerFactory,
        }),
        _options);
}
