namespace IotOps.Emulator.S3;

/// <summary>Gives tags to objects that are there, shows them and takes them away.</summary>
internal sealed class TaggingOperations(BucketStore store)
{
    public async Task PutAsync(S3Call call)
    {
        (Bucket bucket, StoredObject version) = Tagged(call);
        IReadOnlyList<KeyValuePair<string, string>> tags =
            ObjectTags.Read(await S3Xml.ReadAsync(call, "Tagging", AnnouncedChecksum.Of(call)).ConfigureAwait(false));
        bucket.Update(version, v => v with { Tags = tags });
        await S3Answer.WriteEmptyAsync(call, 200).ConfigureAwait(false);
    }

    public Task GetAsync(S3Call call)
    {
        (_, StoredObject version) = Tagged(call);
        return S3Answer.WriteXmlAsync(call, "Tagging", xml => ObjectTags.Write(xml, version.Tags));
    }

    public Task DeleteAsync(S3Call call)
    {
        (Bucket bucket, StoredObject version) = Tagged(call);
        bucket.Update(version, v => v with { Tags = [] });
        return S3Answer.WriteEmptyAsync(call, 204);
    }

    // Unlike a read, which a marker hides the object from, this is refused on a marker whether it is named or not.
    private (Bucket Bucket, StoredObject Version) Tagged(S3Call call)
    {
        Bucket bucket = store.Bucket(call.Bucket);
        StoredObject version = AskedVersion.Id(call) is null && bucket.Current(call.Key) is { IsDeleteMarker: true } marker
            ? throw AskedVersion.IsMarker(call, marker)
            : AskedVersion.Find(call, bucket);
        AskedVersion.WriteId(call, bucket, version);
        return (bucket, version);
    }
}
