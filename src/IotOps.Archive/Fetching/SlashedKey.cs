using System.Net;
using System.Net.Http.Headers;
using Amazon.S3;
using Amazon.S3.Model;
using IotOps.Aws;

namespace IotOps.Archive.Fetching;

/// <summary>
/// Reads keys that begin with a slash where the bucket is in the path: there the SDK signs the key and sends it without that slash, so that S3
/// refuses. Its presigned link has the same fault, and the slash can be put back.
/// </summary>
internal static class SlashedKey
{
    private static readonly UriCreationOptions AsSigned = new() { DangerousDisablePathAndQueryCanonicalization = true };

    // One for the process: a reader that is nothing but a client of the caller's has no end at which it could close connections.
    private static readonly HttpMessageInvoker Http = new(AwsHttpHandler.Create());

    /// <summary>The object's bytes from an offset on; null where the SDK reads it right.</summary>
    public static async Task<Stream?> TryOpenAsync(IAmazonS3 s3, LogObject logObject, long offset, CancellationToken cancellationToken)
    {
        var link = new GetPreSignedUrlRequest
        {
            BucketName = logObject.Bucket,
            Key = logObject.Key,
            Expires = TimeProvider.System.GetUtcNow().AddMinutes(15).UtcDateTime,
            Protocol = s3.Config?.ServiceURL?.StartsWith("http://", StringComparison.OrdinalIgnoreCase) == true ? Protocol.HTTP : Protocol.HTTPS,
        };
        string url = await s3.GetPreSignedURLAsync(link).ConfigureAwait(false);
        string bucket = $"/{logObject.Bucket}/";
        int key = url.IndexOf(bucket, StringComparison.Ordinal) + bucket.Length;
        if (key < bucket.Length)
        {
            return null;
        }

        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"{url[..key]}/{url[key..]}", AsSigned));
        request.Headers.TryAddWithoutValidation("If-Match", logObject.ETag);
        request.Headers.Range = offset > 0 ? new RangeHeaderValue(offset, null) : null;
        HttpResponseMessage response = await Http.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode == (offset > 0 ? HttpStatusCode.PartialContent : HttpStatusCode.OK))
        {
            return await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        }

        using (response)
        {
            throw await GetObjectError.ReadAsync(response, logObject, cancellationToken).ConfigureAwait(false);
        }
    }
}
