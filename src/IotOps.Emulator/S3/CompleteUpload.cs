using System.Xml.Linq;
using IotOps.Emulator.Checksums;
using IotOps.Emulator.Http;
using IotOps.Emulator.Signing;

namespace IotOps.Emulator.S3;

/// <summary>CompleteMultipartUpload: makes the object of its parts.</summary>
internal sealed class CompleteUpload(BucketStore store)
{
    public async Task ExecuteAsync(S3Call call)
    {
        Bucket bucket = store.Bucket(call.Bucket);
        string id = call.Query.Find("uploadId")!;

        // Checksums in the headers are the object's, not the body's.
        XElement root = await S3Xml.ReadAsync(call, "CompleteMultipartUpload").ConfigureAwait(false);

        // A client that lost the answer asks again and is told the same.
        if (bucket.Uploads.CompletedETag(id) is { } known && bucket.Find(call.Key) is { } existing && existing.ETag == known)
        {
            AskedVersion.WriteNewId(call, existing);
            await WriteAsync(call, existing).ConfigureAwait(false);
            return;
        }

        MultipartUpload upload = bucket.Uploads.Find(call.Key, id);
        CheckType(call, upload);
        IReadOnlyList<UploadPart> parts = ChosenParts.Read(root, upload, bucket.Uploads.Parts(upload));
        Blob blob = await store.Blobs.JoinAsync([.. parts.Select(p => p.Blob)], call.Aborted).ConfigureAwait(false);
        try
        {
            var stored = new StoredObject
            {
                Key = upload.Key,
                Blob = blob,
                ETag = $"\"{Hex.Encode(Sum("md5", parts.Select(p => p.Md5)))}-{parts.Count}\"",
                LastModified = store.Now,
                Headers = upload.Headers,
                Checksum = await ChecksumAsync(upload, parts, blob, call.Aborted).ConfigureAwait(false),
                StorageClass = upload.StorageClass,
                Tags = upload.Tags,
                PartSizes = [.. parts.Select(p => p.Blob.Length)],
                PartChecksums = upload.IsComposite ? [.. parts.Select(p => p.Checksum!.Value)] : [],
            };
            CheckWhole(call, upload, stored);
            stored = bucket.Put(stored, present => ObjectConditions.CheckWrite(call, present));
            bucket.Uploads.End(upload, stored.ETag);
            AskedVersion.WriteNewId(call, stored);
            ObjectHeaders.WriteEncryption(call);
            await WriteAsync(call, stored).ConfigureAwait(false);
        }
        catch (Refusal)
        {
            // The joined bytes are a copy where they lie in a file; the parts stay for the next try.
            blob.Delete();
            throw;
        }
    }

    private static void CheckType(S3Call call, MultipartUpload upload)
    {
        string type = upload.ChecksumAlgorithm is null ? "null" : ObjectChecksum.TypeName(upload.IsComposite);
        if (call.Header("x-amz-checksum-type") is { } asked && asked != type)
        {
            throw new Refusal(400, "InvalidRequest", $"The upload was created using the {type} checksum mode. The complete request must use the same checksum mode.");
        }
    }

    private static async Task<ObjectChecksum> ChecksumAsync(MultipartUpload upload, IReadOnlyList<UploadPart> parts, Blob blob, CancellationToken cancellationToken)
    {
        string algorithm = upload.ChecksumAlgorithm ?? ObjectChecksum.Default;
        if (!upload.IsComposite)
        {
            return await ObjectChecksum.OfAsync(blob, algorithm, cancellationToken).ConfigureAwait(false);
        }

        byte[] sum = Sum(algorithm, parts.Select(p => Convert.FromBase64String(p.Checksum!.Value)));
        return new ObjectChecksum(algorithm, $"{Convert.ToBase64String(sum)}-{parts.Count}", IsComposite: true);
    }

    private static void CheckWhole(S3Call call, MultipartUpload upload, StoredObject stored)
    {
        if (call.Header("x-amz-mp-object-size") is { } size && size != stored.Blob.Length.ToString())
        {
            throw new Refusal(400, "InvalidRequest", $"The provided 'x-amz-mp-object-size' header value {size} does not match what was computed: {stored.Blob.Length}");
        }

        ObjectChecksum actual = stored.Checksum!;
        foreach (string algorithm in Checksum.Names)
        {
            // Of an upload that announced no algorithm S3 lets go what is not of its own choice.
            bool isChecked = upload.ChecksumAlgorithm is not null || algorithm == actual.Algorithm;
            if (isChecked && call.Header($"x-amz-checksum-{algorithm}") is { } sent
                && (algorithm != actual.Algorithm || (sent != actual.Value && sent != actual.Value.Split('-')[0])))
            {
                throw new Refusal(400, "BadDigest", $"The {actual.Algorithm} you specified did not match the calculated checksum.");
            }
        }
    }

    private static Task WriteAsync(S3Call call, StoredObject stored) =>
        S3Answer.WriteXmlAsync(call, "CompleteMultipartUploadResult", xml =>
        {
            xml.WriteElementString("Location", $"http://{call.Request.Host}/{call.Bucket}/{UriCoding.Encode(stored.Key, keepSlash: true)}");
            xml.WriteElementString("Bucket", call.Bucket);
            xml.WriteElementString("Key", stored.Key);
            xml.WriteElementString("ETag", stored.ETag);
            stored.Checksum?.Write(xml, withType: true);
        });

    private static byte[] Sum(string algorithm, IEnumerable<byte[]> values)
    {
        using var checksum = Checksum.Create(algorithm);
        foreach (byte[] value in values)
        {
            checksum.Append(value);
        }

        return checksum.Finish();
    }
}
