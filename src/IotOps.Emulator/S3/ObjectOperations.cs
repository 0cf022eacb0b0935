using System.Xml.Linq;
using IotOps.Emulator.Http;
using IotOps.Emulator.Signing;

namespace IotOps.Emulator.S3;

/// <summary>Put, copy and delete objects.</summary>
internal sealed class ObjectOperations(BucketStore store)
{
    private const long MaxPut = 5L << 30;
    private const int MaxDeletes = 1_000;

    public async Task PutAsync(S3Call call)
    {
        Bucket bucket = store.Bucket(call.Bucket);
        if (call.Request.ContentLength > MaxPut)
        {
            throw new Refusal(400, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size");
        }

        // Refused early, so that a client that waits for 100 Continue need not send the body; checked again under the lock.
        ObjectConditions.CheckWrite(call, bucket.Find(call.Key));
        ReceivedBody body = await ReceivedBody.ReadAsync(call, store.Blobs).ConfigureAwait(false);
        var stored = new StoredObject
        {
            Key = call.Key,
            Blob = body.Blob,
            ETag = $"\"{Hex.Encode(body.Md5)}\"",
            LastModified = store.Now,
            Headers = ObjectHeaders.Of(call),
            Checksum = body.Checksum,
        };
        try
        {
            bucket.Put(stored, present => ObjectConditions.CheckWrite(call, present));
        }
        catch (Refusal)
        {
            body.Blob.Delete();
            throw;
        }

        call.Response.Headers.ETag = stored.ETag;
        WriteChecksum(call, stored.Checksum);
        await S3Answer.WriteEmptyAsync(call, 200).ConfigureAwait(false);
    }

    public async Task CopyAsync(S3Call call)
    {
        (StoredObject source, bool isItself) = Source(call, store);
        bool replaces = string.Equals(call.Header("x-amz-metadata-directive"), "REPLACE", StringComparison.OrdinalIgnoreCase);
        if (isItself && !replaces)
        {
            throw new Refusal(400, "InvalidRequest", "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.");
        }

        StoredObject copy = source with
        {
            Key = call.Key,
            Blob = await store.Blobs.SliceAsync(source.Blob, 0, source.Blob.Length, call.Aborted).ConfigureAwait(false),
            ETag = await SinglePartETagAsync(source, call.Aborted).ConfigureAwait(false),
            LastModified = store.Now,
            Headers = replaces ? ObjectHeaders.Of(call) : source.Headers,
            PartSizes = [],
        };
        store.Bucket(call.Bucket).Put(copy, present => ObjectConditions.CheckWrite(call, present));
        await S3Answer.WriteXmlAsync(call, "CopyObjectResult", xml =>
        {
            xml.WriteElementString("LastModified", S3Time.Format(copy.LastModified));
            xml.WriteElementString("ETag", copy.ETag);
        }).ConfigureAwait(false);
    }

    public Task DeleteAsync(S3Call call)
    {
        store.Bucket(call.Bucket).Delete(call.Key);
        return S3Answer.WriteEmptyAsync(call, 204);
    }

    public async Task DeleteManyAsync(S3Call call)
    {
        Bucket bucket = store.Bucket(call.Bucket);
        XElement root = await S3Xml.ReadAsync(call, "Delete").ConfigureAwait(false);
        XNamespace ns = root.Name.Namespace;
        string[] keys = [.. root.Elements(ns + "Object").Select(o => (string?)o.Element(ns + "Key") ?? throw S3Errors.MalformedXml())];
        if (keys.Length is 0 or > MaxDeletes)
        {
            throw S3Errors.MalformedXml();
        }

        bool isQuiet = string.Equals((string?)root.Element(ns + "Quiet"), "true", StringComparison.OrdinalIgnoreCase);
        foreach (string key in keys)
        {
            bucket.Delete(key);
        }

        await S3Answer.WriteXmlAsync(call, "DeleteResult", xml =>
        {
            foreach (string key in isQuiet ? [] : keys)
            {
                xml.WriteStartElement("Deleted");
                xml.WriteElementString("Key", key);
                xml.WriteEndElement();
            }
        }).ConfigureAwait(false);
    }

    /// <summary>The object that x-amz-copy-source names, and whether it is the target itself.</summary>
    public static (StoredObject Source, bool IsItself) Source(S3Call call, BucketStore store)
    {
        string header = call.Header("x-amz-copy-source") ?? "";
        string path = UriCoding.Decode(header.Split('?')[0]).TrimStart('/');
        int slash = path.IndexOf('/', StringComparison.Ordinal);
        if (slash < 1 || header.Contains("?versionId=", StringComparison.Ordinal))
        {
            throw S3Errors.InvalidArgument("x-amz-copy-source", header, "Invalid copy source object key");
        }

        string key = path[(slash + 1)..];
        StoredObject source = store.Bucket(path[..slash]).Find(key) ?? throw S3Errors.NoSuchKey(key);
        ObjectConditions.CheckCopySource(call, source);
        return (source, path[..slash] == call.Bucket && key == call.Key);
    }

    public static void WriteChecksum(S3Call call, ObjectChecksum? checksum)
    {
        if (checksum is not null)
        {
            call.Response.Headers[$"x-amz-checksum-{checksum.Algorithm}"] = checksum.Value;
            call.Response.Headers["x-amz-checksum-type"] = checksum.Type;
        }
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
