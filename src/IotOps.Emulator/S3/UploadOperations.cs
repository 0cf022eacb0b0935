using IotOps.Emulator.Checksums;
using IotOps.Emulator.Http;

namespace IotOps.Emulator.S3;

/// <summary>Begins multipart uploads and gives them up.</summary>
internal sealed class UploadOperations(BucketStore store)
{
    public Task CreateAsync(S3Call call)
    {
        Bucket bucket = store.Bucket(call.Bucket);
        (string? algorithm, bool isComposite) = ReadChecksum(call);
        var upload = new MultipartUpload(Guid.NewGuid().ToString("N"), call.Key, store.Now, ObjectHeaders.Of(call))
        {
            StorageClass = StorageClass.Of(call),
            Tags = ObjectTags.Of(call),
            ChecksumAlgorithm = algorithm,
            IsComposite = isComposite,
        };
        bucket.Uploads.Begin(upload);
        ObjectHeaders.WriteEncryption(call);
        if (algorithm is not null)
        {
            call.Response.Headers["x-amz-checksum-algorithm"] = algorithm.ToUpperInvariant();
            call.Response.Headers["x-amz-checksum-type"] = ObjectChecksum.TypeName(isComposite);
        }

        return S3Answer.WriteXmlAsync(call, "InitiateMultipartUploadResult", xml =>
        {
            xml.WriteElementString("Bucket", call.Bucket);
            xml.WriteElementString("Key", call.Key);
            xml.WriteElementString("UploadId", upload.Id);
        });
    }

    public Task AbortAsync(S3Call call)
    {
        Bucket bucket = store.Bucket(call.Bucket);
        bucket.Uploads.End(bucket.Uploads.Find(call.Key, call.Query.Find("uploadId")!), completedETag: null);
        return S3Answer.WriteEmptyAsync(call, 204);
    }

    // SHA-1 and SHA-256 have no way to sum a whole object up by its parts, and CRC-64 is always of the whole.
    private static (string? Algorithm, bool IsComposite) ReadChecksum(S3Call call)
    {
        string? algorithm = call.Header("x-amz-checksum-algorithm")?.ToLowerInvariant();
        string? type = call.Header("x-amz-checksum-type");
        if (type is not (null or "COMPOSITE" or "FULL_OBJECT"))
        {
            throw new Refusal(400, "InvalidRequest", "Value for x-amz-checksum-type header is invalid.");
        }

        if (algorithm is null)
        {
            return type is null ? (null, false) : throw new Refusal(400, "InvalidRequest", "The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.");
        }

        if (!Checksum.Names.Contains(algorithm, StringComparer.Ordinal))
        {
            throw Checksum.Unsupported(algorithm);
        }

        bool isComposite = type is null ? algorithm != "crc64nvme" : type == "COMPOSITE";
        return (isComposite ? algorithm == "crc64nvme" : !Checksum.IsCrc(algorithm))
            ? throw new Refusal(400, "InvalidRequest", $"The {type} checksum type cannot be used with the {algorithm} checksum algorithm.")
            : (algorithm, isComposite);
    }
}
