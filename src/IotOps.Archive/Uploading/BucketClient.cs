using System.Buffers.Binary;
using System.Net;
using System.Runtime.CompilerServices;
using Amazon.S3;
using Amazon.S3.Model;
using IotOps.Archive.Fetching;
using IotOps.Aws;

namespace IotOps.Archive.Uploading;

/// <summary>The SDK's calls on one bucket, with retries and errors of ours. Safe for concurrent use.</summary>
internal sealed class BucketClient(IAmazonS3 s3, string name, Retries retries)
{
    public string Name => name;

    /// <summary>Objects in the order of their keys.</summary>
    public async IAsyncEnumerable<S3Object> ListAsync(
        string prefix, string? startAfter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? token = null;
        do
        {
            // XML has no way to write a control character in a key; S3 codes them when it is asked to, and the SDK leaves that to its callers.
            var request = new ListObjectsV2Request
            {
                BucketName = name,
                Prefix = prefix,
                StartAfter = startAfter,
                ContinuationToken = token,
                Encoding = EncodingType.Url,
            };
            ListObjectsV2Response page = await CallAsync(
                "ListObjectsV2", prefix, cancel => s3.ListObjectsV2Async(request, cancel), cancellationToken).ConfigureAwait(false);
            foreach (S3Object item in page.S3Objects ?? [])
            {
                item.Key = page.Encoding == EncodingType.Url ? WebUtility.UrlDecode(item.Key) : item.Key;
                yield return item;
            }

            token = page.IsTruncated == true ? page.NextContinuationToken : null;
        }
        while (token is not null);
    }

    public Task PutAsync(string key, Func<Stream> content, string contentType, CancellationToken cancellationToken) =>
        CallAsync(
            "PutObject",
            key,
            cancel => s3.PutObjectAsync(
                new PutObjectRequest { BucketName = name, Key = key, InputStream = content(), ContentType = contentType, AutoCloseStream = true },
                cancel),
            cancellationToken);

    /// <summary>A small object's bytes; null when there is none.</summary>
    public async Task<byte[]?> FindAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            return await CallAsync(
                "GetObject",
                key,
                async cancel =>
                {
                    using GetObjectResponse response = await s3.GetObjectAsync(name, key, cancel).ConfigureAwait(false);
                    using var content = new MemoryStream();
                    await response.ResponseStream.CopyToAsync(content, cancel).ConfigureAwait(false);
                    return content.ToArray();
                },
                cancellationToken).ConfigureAwait(false);
        }
        catch (AwsException e) when (e.Code is "NoSuchKey" or "NotFound")
        {
            return null;
        }
    }

    /// <summary>An object's length; null when there is none.</summary>
    public async Task<long?> LengthAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            return await CallAsync(
                "HeadObject",
                key,
                async cancel => (await s3.GetObjectMetadataAsync(name, key, cancel).ConfigureAwait(false)).ContentLength,
                cancellationToken).ConfigureAwait(false);
        }
        catch (AwsException e) when (e.Code is "NoSuchKey" or "NotFound")
        {
            return null;
        }
    }

    public Task DeleteAsync(string key, CancellationToken cancellationToken) =>
        CallAsync("DeleteObject", key, cancel => s3.DeleteObjectAsync(name, key, cancel), cancellationToken);

    public async Task<string> CreateUploadAsync(string key, string contentType, CancellationToken cancellationToken)
    {
        // The checksum that its parts have: S3 forgets those of an upload that announced none, and completes none by checksums it does not know.
        var request = new InitiateMultipartUploadRequest { BucketName = name, Key = key, ContentType = contentType, ChecksumAlgorithm = ChecksumAlgorithm.CRC32 };
        InitiateMultipartUploadResponse response = await CallAsync(
            "CreateMultipartUpload", key, cancel => s3.InitiateMultipartUploadAsync(request, cancel), cancellationToken).ConfigureAwait(false);
        return response.UploadId;
    }

    public async Task<UploadedPart> UploadPartAsync(string key, string uploadId, int number, PartBuffer content, CancellationToken cancellationToken)
    {
        // Ours, because a client may be configured to send none.
        byte[] crc = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(crc, content.Crc32);
        string checksum = Convert.ToBase64String(crc);
        UploadPartResponse response = await CallAsync(
            "UploadPart",
            key,
            async cancel =>
            {
                Stream body = content.OpenRead();
                await using (body.ConfigureAwait(false))
                {
                    var request = new UploadPartRequest
                    {
                        BucketName = name,
                        Key = key,
                        UploadId = uploadId,
                        PartNumber = number,
                        PartSize = content.Length,
                        InputStream = body,
                        ChecksumCRC32 = checksum,
                    };
                    return await s3.UploadPartAsync(request, cancel).ConfigureAwait(false);
                }
            },
            cancellationToken).ConfigureAwait(false);
        return new UploadedPart(number, content.Length, response.ETag, response.ChecksumCRC32 ?? checksum);
    }

    /// <summary>The parts that S3 has, in order; null when there is no such upload any more.</summary>
    public async Task<IReadOnlyList<UploadedPart>?> ListPartsAsync(string key, string uploadId, CancellationToken cancellationToken)
    {
        List<UploadedPart> parts = [];
        string? marker = null;
        try
        {
            do
            {
                var request = new ListPartsRequest { BucketName = name, Key = key, UploadId = uploadId, PartNumberMarker = marker };
                ListPartsResponse page = await CallAsync("ListParts", key, cancel => s3.ListPartsAsync(request, cancel), cancellationToken).ConfigureAwait(false);
                parts.AddRange((page.Parts ?? []).Select(p => new UploadedPart(p.PartNumber ?? 0, p.Size ?? 0, p.ETag, p.ChecksumCRC32)));
                marker = page.IsTruncated == true ? page.NextPartNumberMarker?.ToString() : null;
            }
            while (marker is not null);
        }
        catch (AwsException e) when (e.Code is "NoSuchUpload")
        {
            return null;
        }

        return parts;
    }

    /// <summary>Makes the object of its parts. An answer that was lost, or is an error inside of a 200, is looked into.</summary>
    public async Task CompleteAsync(string key, string uploadId, IReadOnlyList<UploadedPart> parts, CancellationToken cancellationToken)
    {
        var request = new CompleteMultipartUploadRequest
        {
            BucketName = name,
            Key = key,
            UploadId = uploadId,
            PartETags = [.. parts.Select(p => new PartETag(p.Number, p.ETag) { ChecksumCRC32 = p.ChecksumCrc32 })],
        };
        try
        {
            await CallAsync(
                "CompleteMultipartUpload",
                key,
                async cancel =>
                {
                    CompleteMultipartUploadResponse response = await s3.CompleteMultipartUploadAsync(request, cancel).ConfigureAwait(false);
                    return response.ETag is { Length: > 0 } ? response : throw new AwsException($"s3 CompleteMultipartUpload of {key} was answered with HTTP 200 and an error.")
                    {
                        Service = "s3",
                        Operation = "CompleteMultipartUpload",
                        Code = "InternalError",
                        IsTransient = true,
                    };
                },
                cancellationToken).ConfigureAwait(false);
        }
        catch (AwsException e) when (e.Code is "NoSuchUpload")
        {
            // An earlier attempt did it, and its answer was lost.
            if (await LengthAsync(key, cancellationToken).ConfigureAwait(false) != parts.Sum(p => p.Size))
            {
                throw;
            }
        }
    }

    /// <summary>Ends an upload; one that has ended is no error.</summary>
    public async Task AbortAsync(string key, string uploadId, CancellationToken cancellationToken)
    {
        try
        {
            await CallAsync("AbortMultipartUpload", key, cancel => s3.AbortMultipartUploadAsync(name, key, uploadId, cancel), cancellationToken).ConfigureAwait(false);
        }
        catch (AwsException e) when (e.Code is "NoSuchUpload")
        {
            // An earlier attempt did it, or it was completed.
        }
    }

    /// <summary>Ends all uploads of a key: one whose first answer was lost is known by its key alone.</summary>
    public async Task AbortAllAsync(string key, CancellationToken cancellationToken)
    {
        foreach (string uploadId in await ListUploadsAsync(key, cancellationToken).ConfigureAwait(false))
        {
            await AbortAsync(key, uploadId, cancellationToken).ConfigureAwait(false);
        }
    }

    // Those of exactly this key that are under way.
    private async Task<IReadOnlyList<string>> ListUploadsAsync(string key, CancellationToken cancellationToken)
    {
        var request = new ListMultipartUploadsRequest { BucketName = name, Prefix = key };
        ListMultipartUploadsResponse page = await CallAsync(
            "ListMultipartUploads", key, cancel => s3.ListMultipartUploadsAsync(request, cancel), cancellationToken).ConfigureAwait(false);
        return [.. (page.MultipartUploads ?? []).Where(u => u.Key == key).Select(u => u.UploadId)];
    }

    private Task<T> CallAsync<T>(string operation, string target, Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken) =>
        retries.RunAsync(
            async cancel =>
            {
                try
                {
                    return await call(cancel).ConfigureAwait(false);
                }
                catch (Exception e) when (e is not AwsException && !(e is OperationCanceledException && cancel.IsCancellationRequested))
                {
                    throw S3Failure.Of(e, operation, $"s3://{name}/{target}");
                }
            },
            cancellationToken);
}
