using IotOps.Emulator.Http;
using IotOps.Emulator.Signing;

namespace IotOps.Emulator.S3;

/// <summary>CopyObject, and the source of either kind of copy.</summary>
internal sealed class CopyObject(BucketStore store)
{
    private const string Redirect = "x-amz-website-redirect-location";

    public async Task ExecuteAsync(S3Call call)
    {
        (StoredObject source, bool isItself) = Source(call, store);
        bool replaces = Replaces(call);
        bool changes = replaces || call.Header("x-amz-storage-class") is not null || call.Header(Redirect) is not null || call.Header("x-amz-server-side-encryption") is not null;
        if (isItself && !changes)
        {
            throw new Refusal(400, "InvalidRequest", "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.");
        }

        StoredObject copy = source with
        {
            Key = call.Key,
            StorageClass = StorageClass.Of(call),
            Headers = replaces ? ObjectHeaders.Of(call) : Kept(call, source),
            Checksum = await ChecksumAsync(call, source).ConfigureAwait(false),
            Blob = await store.Blobs.SliceAsync(source.Blob, 0, source.Blob.Length, call.Aborted).ConfigureAwait(false),
            ETag = await SinglePartETagAsync(source, call.Aborted).ConfigureAwait(false),
            LastModified = store.Now,
            PartSizes = [],
        };
        try
        {
            store.Bucket(call.Bucket).Put(copy, present => ObjectConditions.CheckWrite(call, present));
        }
        catch (Refusal)
        {
            copy.Blob.Delete();
            throw;
        }

        ObjectHeaders.WriteEncryption(call);
        await S3Answer.WriteXmlAsync(call, "CopyObjectResult", xml =>
        {
            xml.WriteElementString("LastModified", S3Time.Format(copy.LastModified));
            xml.WriteElementString("ETag", copy.ETag);
            copy.Checksum?.Write(xml, withType: true);
        }).ConfigureAwait(false);
    }

    /// <summary>The object that x-amz-copy-source names, and whether it is the target itself.</summary>
    public static (StoredObject Source, bool IsItself) Source(S3Call call, BucketStore store)
    {
        string header = call.Header("x-amz-copy-source") ?? "";
        int question = header.IndexOf('?', StringComparison.Ordinal);
        string path = UriCoding.Decode(question < 0 ? header : header[..question]).TrimStart('/');
        int slash = path.IndexOf('/', StringComparison.Ordinal);
        if (question >= 0 && header.AsSpan(question).StartsWith("?versionId="))
        {
            throw new Refusal(501, "NotImplemented", "The emulator does not do the versionId of x-amz-copy-source.") { Details = [new("Header", "x-amz-copy-source")] };
        }

        if (slash < 1 || question >= 0)
        {
            throw S3Errors.InvalidArgument("x-amz-copy-source", header, "Invalid copy source object key");
        }

        if (call.Header("x-amz-source-expected-bucket-owner") is { } owner && owner != store.AccountId)
        {
            throw S3Errors.AccessDenied();
        }

        string key = path[(slash + 1)..];
        StoredObject source = store.Bucket(path[..slash]).Find(key) ?? throw S3Errors.NoSuchKey(key);
        ObjectConditions.CheckCopySource(call, source);
        return StorageClass.IsArchived(source.StorageClass)
            ? throw new Refusal(403, "ObjectNotInActiveTierError", "The source object of the COPY action is not in the active tier and is only stored in Amazon S3 Glacier.")
            : (source, path[..slash] == call.Bucket && key == call.Key);
    }

    private static bool Replaces(S3Call call) => call.Header("x-amz-metadata-directive") switch
    {
        null or "COPY" => false,
        "REPLACE" => true,
        { } other => throw S3Errors.InvalidArgument("x-amz-metadata-directive", other, "Unknown metadata directive."),
    };

    // A redirect belongs to one object and is never copied.
    private static Dictionary<string, string> Kept(S3Call call, StoredObject source)
    {
        var headers = source.Headers.Where(h => h.Key != Redirect).ToDictionary(StringComparer.Ordinal);
        if (call.Header(Redirect) is { } redirect)
        {
            headers[Redirect] = redirect;
        }

        return headers;
    }

    // Of the whole object, whatever its parts were summed by.
    private static async Task<ObjectChecksum?> ChecksumAsync(S3Call call, StoredObject source)
    {
        string? algorithm = call.Header("x-amz-checksum-algorithm")?.ToLowerInvariant() ?? source.Checksum?.Algorithm;
        if (algorithm is null || (algorithm == source.Checksum?.Algorithm && !source.Checksum.IsComposite))
        {
            return source.Checksum;
        }

        return await ObjectChecksum.OfAsync(source.Blob, algorithm, call.Aborted).ConfigureAwait(false);
    }

    // A copy is a single part, whatever its source was.
    private static async Task<string> SinglePartETagAsync(StoredObject source, CancellationToken cancellationToken)
    {
        if (source.PartSizes.Count == 0)
        {
            return source.ETag;
        }

        return $"\"{Hex.Encode(await BlobChecksum.ComputeAsync(source.Blob, "md5", cancellationToken).ConfigureAwait(false))}\"";
    }
}
