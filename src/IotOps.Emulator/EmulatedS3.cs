using IotOps.Emulator.S3;

namespace IotOps.Emulator;

/// <summary>What the emulator's S3 holds, for a test to prepare and to look at. Thread-safe.</summary>
public sealed class EmulatedS3
{
    private readonly BucketStore _store;

    internal EmulatedS3(BucketStore store) => _store = store;

    /// <summary>Names of the buckets, sorted.</summary>
    public IReadOnlyList<string> Buckets => [.. _store.Buckets.Select(b => b.Name)];

    /// <summary>Creates a bucket.</summary>
    /// <param name="bucket">Its name.</param>
    /// <param name="region">Where: only signatures for that region open it.</param>
    /// <exception cref="InvalidOperationException">It exists.</exception>
    public void CreateBucket(string bucket, string region = "us-east-1")
    {
        if (!_store.Create(bucket, region))
        {
            throw new InvalidOperationException($"The bucket {bucket} exists already.");
        }
    }

    /// <summary>Keys of a bucket, in the order of listings; empty when there is no such bucket.</summary>
    public IReadOnlyList<string> Keys(string bucket)
    {
        var keys = new List<string>();
        _store.Find(bucket)?.Scan("", stored =>
        {
            keys.Add(stored.Key);
            return true;
        });
        return keys;
    }

    /// <summary>An object; null when there is no such bucket or key, or when a delete marker hides it.</summary>
    /// <param name="bucket">Its bucket.</param>
    /// <param name="key">Its key.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async Task<ReceivedObject?> FindAsync(string bucket, string key, CancellationToken cancellationToken = default) =>
        _store.Find(bucket)?.Find(key) is { } stored ? await ReadAsync(stored, cancellationToken).ConfigureAwait(false) : null;

    /// <summary>Every version of an object that is still there, the newest first and without delete markers; empty when there is none.</summary>
    /// <param name="bucket">Its bucket; without versioning a key has one version at most.</param>
    /// <param name="key">Its key.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async Task<IReadOnlyList<ReceivedObject>> FindVersionsAsync(string bucket, string key, CancellationToken cancellationToken = default)
    {
        var versions = new List<ReceivedObject>();
        foreach (StoredObject version in _store.Find(bucket)?.Versions(key) ?? [])
        {
            if (!version.IsDeleteMarker)
            {
                versions.Add(await ReadAsync(version, cancellationToken).ConfigureAwait(false));
            }
        }

        return versions;
    }

    /// <summary>Turns versioning of a bucket on, as PutBucketVersioning does.</summary>
    /// <exception cref="InvalidOperationException">There is no such bucket.</exception>
    public void EnableVersioning(string bucket)
    {
        Bucket found = _store.Find(bucket) ?? throw new InvalidOperationException($"There is no bucket {bucket}. Create it first.");
        found.Change(settings => settings with { Versioning = Versioning.Enabled });
    }

    /// <summary>How many multipart uploads of a bucket were begun and neither completed nor aborted.</summary>
    public int UploadsUnderWay(string bucket) => _store.Find(bucket)?.Uploads.All().Count ?? 0;

    /// <summary>
    /// Deletes an object under whoever reads it, as DeleteObject does: where versioning is on, a delete marker hides it. Nothing happens when it is
    /// not there.
    /// </summary>
    public void Delete(string bucket, string key)
    {
        if (_store.Find(bucket) is { } found && found.Find(key) is not null)
        {
            found.Delete(key, versionId: null, _store.Now);
        }
    }

    private static async Task<ReceivedObject> ReadAsync(StoredObject stored, CancellationToken cancellationToken)
    {
        using var content = new MemoryStream((int)stored.Blob.Length);
        await stored.Blob.CopyToAsync(content, 0, stored.Blob.Length, cancellationToken).ConfigureAwait(false);
        return new ReceivedObject(content.ToArray(), stored.ETag, stored.LastModified, stored.Headers)
        {
            Tags = stored.Tags.ToDictionary(StringComparer.Ordinal),
            VersionId = stored.VersionId == S3.VersionId.Null ? null : stored.VersionId,
        };
    }
}
