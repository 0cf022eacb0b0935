using IotOps.Emulator.Http;
using IotOps.Emulator.Signing;

namespace IotOps.Emulator.S3;

/// <summary>CopyObject: the object of one key, or a version of it, becomes that of another.</summary>
internal sealed class CopyObject(BucketStore store)
{
    private const string Redirect = "x-amz-website-redirect-location";

    public async Task ExecuteAsync(S3Call call)
    {
        var found = CopySource.Find(call, store);
        StoredObject source = found.Object;
        bool replaces = Replaces(call);
        bool changes = replaces || call.Header("x-amz-storage-class") is not null || call.Header(Redirect) is not null || call.Header("x-amz-server-side-encryption") is not null;
        if (found.IsTarget(call) && !changes)
        {
            throw new Refusal(400, "InvalidRequest", "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.");
        }

        StoredObject copy = source with
        {
            Key = call.Key,
            StorageClass = StorageClass.Of(call),
            Headers = replaces ? ObjectHeaders.Of(call) : Kept(call, source),
            Tags = ReplacesTags(call) ? ObjectTags.Of(call) : source.Tags,
            Checksum = await ChecksumAsync(call, source).ConfigureAwait(false),
            Blob = await store.Blobs.SliceAsync(source.Blob, 0, source.Blob.Length, call.Aborted).ConfigureAwait(false),
            ETag = await SinglePartETagAsync(source, call.Aborted).ConfigureAwait(false),
            LastModified = store.Now,
            PartSizes = [],
            PartChecksums = [],
        };
        Bucket target = store.Bucket(call.Bucket);
        try
        {
            copy = target.Put(copy, present => ObjectConditions.CheckWrite(call, present));
        }
        catch (Refusal)
        {
            copy.Blob.Delete();
            throw;
        }

        AskedVersion.WriteId(call, target, copy);
        found.WriteId(call);
        ObjectHeaders.WriteEncryption(call);
        await S3Answer.WriteXmlAsync(call, "CopyObjectResult", xml =>
        {
            xml.WriteElementString("LastModified", S3Time.Format(copy.LastModified));
            xml.WriteElementString("ETag", copy.ETag);
            copy.Checksum?.Write(xml, withType: true);
        }).ConfigureAwait(false);
    }

    private static bool Replaces(S3Call call) => call.Header("x-amz-metadata-directive") switch
    {
        null or "COPY" => false,
        "REPLACE" => true,
        { } other => throw S3Errors.InvalidArgument("x-amz-metadata-directive", other, "Unknown metadata directive."),
    };

    private static bool ReplacesTags(S3Call call) => call.Header("x-amz-tagging-directive") switch
    {
        null or "COPY" => false,
        "REPLACE" => true,
        { } other => throw S3Errors.InvalidArgument("x-amz-tagging-directive", other, "Unknown tagging directive."),
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
    private static async Task<ObjectChecksum> ChecksumAsync(S3Call call, StoredObject source)
    {
        string algorithm = call.Header("x-amz-checksum-algorithm")?.ToLowerInvariant() ?? source.Checksum?.Algorithm ?? ObjectChecksum.Default;
        if (algorithm == source.Checksum?.Algorithm && !source.Checksum.IsComposite)
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
