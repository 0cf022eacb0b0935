using System.Net;
using System.Runtime.CompilerServices;
using Amazon.S3;
using Amazon.S3.Model;
using IotOps.Fleet.Trail;

namespace IotOps.Fleet;

/// <summary>
/// A trail's files in S3. Needs <c>s3:ListBucket</c> and <c>s3:GetObject</c>, and <c>kms:Decrypt</c> where the trail encrypts with a key of its own.
/// What S3 refuses comes as <see cref="Aws.AwsException"/>.
/// </summary>
/// <param name="s3">The client, for the bucket's region; stays the caller's.</param>
public sealed class S3TrailObjects(IAmazonS3 s3) : ITrailObjects
{
    private const string MetadataPrefix = "x-amz-meta-";

    /// <inheritdoc/>
    public async IAsyncEnumerable<TrailObjectInfo> ListAsync(
        string bucket, string prefix, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (ListObjectsV2Response page in PagesAsync(bucket, prefix, null, cancellationToken).ConfigureAwait(false))
        {
            foreach (S3Object found in page.S3Objects ?? [])
            {
                yield return new TrailObjectInfo(found.Key, found.LastModified is { } time ? new DateTimeOffset(time.ToUniversalTime()) : null);
            }
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<string> ListFoldersAsync(
        string bucket, string prefix, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (ListObjectsV2Response page in PagesAsync(bucket, prefix, "/", cancellationToken).ConfigureAwait(false))
        {
            foreach (string folder in page.CommonPrefixes ?? [])
            {
                yield return folder;
            }
        }
    }

    /// <inheritdoc/>
    public async Task<TrailObject?> OpenAsync(string bucket, string key, CancellationToken cancellationToken = default)
    {
        try
        {
            GetObjectResponse response = await s3.GetObjectAsync(bucket, key, cancellationToken).ConfigureAwait(false);
            return new TrailObject(response.ResponseStream, Metadata(response.Metadata));
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.NotFound && e.ErrorCode != "NoSuchBucket")
        {
            return null;
        }
        catch (Exception e) when (TrailFailure.IsOfS3(e))
        {
            throw TrailFailure.Of(e, "GetObject", $"s3://{bucket}/{key}");
        }
    }

    private async IAsyncEnumerable<ListObjectsV2Response> PagesAsync(
        string bucket, string prefix, string? delimiter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = new ListObjectsV2Request { BucketName = bucket, Prefix = prefix, Delimiter = delimiter };
        ListObjectsV2Response page;
        do
        {
            try
            {
                page = await s3.ListObjectsV2Async(request, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (TrailFailure.IsOfS3(e))
            {
                throw TrailFailure.Of(e, "ListObjectsV2", $"s3://{bucket}/{prefix}");
            }

            request.ContinuationToken = page.NextContinuationToken;
            yield return page;
        }
        while (page.IsTruncated == true);
    }

    private static Dictionary<string, string> Metadata(MetadataCollection metadata) => metadata.Keys.ToDictionary(
        key => key.StartsWith(MetadataPrefix, StringComparison.OrdinalIgnoreCase) ? key[MetadataPrefix.Length..].ToLowerInvariant() : key.ToLowerInvariant(),
        key => metadata[key],
        StringComparer.Ordinal);
}
