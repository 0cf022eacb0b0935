using Amazon.S3;
using Amazon.S3.Model;
using IotOps.Archive.Fetching;
using IotOps.Aws;

namespace IotOps.Archive;

/// <summary>
/// Reads objects through the SDK's client, for applications whose S3 is nothing but an <see cref="IAmazonS3"/>. For very many small
/// objects <see cref="SignedObjectReader"/> fetches three times as many a second (benchmarks/README.md).
/// </summary>
/// <param name="s3">The client; stays the caller's.</param>
public sealed class AmazonS3ObjectReader(IAmazonS3 s3) : ILogObjectReader
{
    /// <inheritdoc/>
    public async Task<Stream> OpenAsync(LogObject logObject, long offset, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(logObject);
        var request = new GetObjectRequest
        {
            BucketName = logObject.Bucket,
            Key = logObject.Key,
            EtagToMatch = logObject.ETag,
            ByteRange = offset > 0 ? new ByteRange($"bytes={offset}-") : null,
        };
        try
        {
            if (logObject.Key.StartsWith('/') && await SlashedKey.TryOpenAsync(s3, logObject, offset, cancellationToken).ConfigureAwait(false) is { } body)
            {
                return body;
            }

            GetObjectResponse response = await s3.GetObjectAsync(request, cancellationToken).ConfigureAwait(false);
            return response.ResponseStream;
        }
        catch (Exception e) when (e is not AwsException && !(e is OperationCanceledException && cancellationToken.IsCancellationRequested))
        {
            throw S3Failure.Of(e, "GetObject", $"s3://{logObject.Bucket}/{logObject.Key}");
        }
    }
}
