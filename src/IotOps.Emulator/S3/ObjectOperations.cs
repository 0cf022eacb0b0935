using System.Xml.Linq;
using IotOps.Emulator.Http;
using IotOps.Emulator.Signing;

namespace IotOps.Emulator.S3;

/// <summary>Put and delete objects.</summary>
internal sealed class ObjectOperations(BucketStore store)
{
    private const int MaxDeletes = 1_000;

    public async Task PutAsync(S3Call call)
    {
        Bucket bucket = store.Bucket(call.Bucket);

        // Refused early, so that a client that waits for 100 Continue need not send the body; checked again under the lock.
        ObjectConditions.CheckWrite(call, bucket.Find(call.Key));
        string storageClass = StorageClass.Of(call);
        IReadOnlyDictionary<string, string> headers = ObjectHeaders.Of(call);
        ReceivedBody body = await ReceivedBody.ReadAsync(call, store.Blobs, AnnouncedChecksum.Of(call)).ConfigureAwait(false);
        var stored = new StoredObject
        {
            Key = call.Key,
            Blob = body.Blob,
            ETag = $"\"{Hex.Encode(body.Md5)}\"",
            LastModified = store.Now,
            Headers = headers,
            Checksum = body.Checksum,
            StorageClass = storageClass,
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
        ObjectHeaders.WriteEncryption(call);
        ObjectHeaders.WriteChecksum(call, stored.Checksum);
        await S3Answer.WriteEmptyAsync(call, 200).ConfigureAwait(false);
    }

    public Task DeleteAsync(S3Call call)
    {
        store.Bucket(call.Bucket).Delete(call.Key, present => ObjectConditions.CheckDelete(call.Header("If-Match"), call.Key, present));
        return S3Answer.WriteEmptyAsync(call, 204);
    }

    public async Task DeleteManyAsync(S3Call call)
    {
        Bucket bucket = store.Bucket(call.Bucket);
        AnnouncedChecksum? announced = AnnouncedChecksum.Of(call);
        if (announced is null && call.Header("Content-MD5") is null)
        {
            throw new Refusal(400, "InvalidRequest", "Missing required header for this request: Content-MD5 OR x-amz-checksum-*");
        }

        XElement root = await S3Xml.ReadAsync(call, "Delete", announced).ConfigureAwait(false);
        XNamespace ns = root.Name.Namespace;
        S3Xml.RefuseAllBut(root, ["Object", "Quiet"], []);
        (string Key, string? ETag)[] wanted = [.. root.Elements(ns + "Object").Select(Wanted)];
        if (wanted.Length is 0 or > MaxDeletes)
        {
            throw S3Errors.MalformedXml();
        }

        (string Key, Refusal? Refusal)[] results = [.. wanted.Select(w => (w.Key, Delete(bucket, w.Key, w.ETag)))];
        bool isQuiet = string.Equals((string?)root.Element(ns + "Quiet"), "true", StringComparison.OrdinalIgnoreCase);
        await S3Answer.WriteXmlAsync(call, "DeleteResult", xml =>
        {
            foreach ((string key, Refusal? refusal) in results.Where(r => !isQuiet || r.Refusal is not null))
            {
                xml.WriteStartElement(refusal is null ? "Deleted" : "Error");
                xml.WriteElementString("Key", key);
                if (refusal is not null)
                {
                    xml.WriteElementString("Code", refusal.Code);
                    xml.WriteElementString("Message", refusal.Message);
                }

                xml.WriteEndElement();
            }
        }).ConfigureAwait(false);
    }

    private static (string Key, string? ETag) Wanted(XElement element)
    {
        XNamespace ns = element.Name.Namespace;
        S3Xml.RefuseAllBut(element, ["Key", "ETag"], ["VersionId", "LastModifiedTime", "Size"]);
        return ((string?)element.Element(ns + "Key") ?? throw S3Errors.MalformedXml(), (string?)element.Element(ns + "ETag"));
    }

    private static Refusal? Delete(Bucket bucket, string key, string? etag)
    {
        try
        {
            bucket.Delete(key, present => ObjectConditions.CheckDelete(etag, key, present));
            return null;
        }
        catch (Refusal refusal)
        {
            // One key's condition is no reason to keep the others.
            return refusal;
        }
    }
}
