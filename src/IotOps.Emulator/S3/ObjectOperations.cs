using IotOps.Emulator.Http;
using IotOps.Emulator.Signing;

namespace IotOps.Emulator.S3;

/// <summary>Puts an object and deletes one.</summary>
internal sealed class ObjectOperations(BucketStore store)
{
    public async Task PutAsync(S3Call call)
    {
        Bucket bucket = store.Bucket(call.Bucket);

        // Refused early, so that a client that waits for 100 Continue need not send the body; checked again under the lock.
        ObjectConditions.CheckWrite(call, bucket.Find(call.Key));
        string storageClass = StorageClass.Of(call);
        IReadOnlyDictionary<string, string> headers = ObjectHeaders.Of(call);
        IReadOnlyList<KeyValuePair<string, string>> tags = ObjectTags.Of(call);
        ReceivedBody body = await ReceivedBody.ReadAsync(call, store.Blobs, AnnouncedChecksum.Of(call), ObjectChecksum.Default).ConfigureAwait(false);
        var stored = new StoredObject
        {
            Key = call.Key,
            Blob = body.Blob,
            ETag = $"\"{Hex.Encode(body.Md5)}\"",
            LastModified = store.Now,
            Headers = headers,
            Checksum = body.Checksum,
            StorageClass = storageClass,
            Tags = tags,
        };
        try
        {
            stored = bucket.Put(stored, present => ObjectConditions.CheckWrite(call, present));
        }
        catch (Refusal)
        {
            body.Blob.Delete();
            throw;
        }

        call.Response.Headers.ETag = stored.ETag;
        AskedVersion.WriteNewId(call, stored);
        ObjectHeaders.WriteEncryption(call);
        ObjectHeaders.WriteChecksum(call, stored.Checksum);
        await S3Answer.WriteEmptyAsync(call, 200).ConfigureAwait(false);
    }

    public Task DeleteAsync(S3Call call)
    {
        DeletedVersion deleted = store.Bucket(call.Bucket).Delete(
            call.Key, AskedVersion.Id(call), store.Now, present => ObjectConditions.CheckDelete(call.Header("If-Match"), call.Key, present));
        if (deleted.VersionId is { } id)
        {
            call.Response.Headers["x-amz-version-id"] = id;
        }

        if (deleted.IsMarker)
        {
            call.Response.Headers["x-amz-delete-marker"] = "true";
        }

        return S3Answer.WriteEmptyAsync(call, 204);
    }
}
