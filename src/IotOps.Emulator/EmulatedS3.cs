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

    /// <summary>An object; null when there is no such bucket or key.</summary>
    public async Task<ReceivedObject?> FindAsync(string bucket, string key, CancellationToken cancellationToken = default)
    {
        if (_store.Find(bucket)?.Find(key) is not { } stored)
        {
            return null;
        }

        using var content = new MemoryStream((int)stored.Blob.Length);
        await stored.Blob.CopyToAsync(content, 0, stored.Blob.Length, cancellationToken).ConfigureAwait(false);
        return new ReceivedObject(content.ToArray(), stored.ETag, stored.LastModified, stored.Headers);
    }

    /// <summary>How many multipart uploads of a bucket were begun and neither completed nor aborted.</summary>
    public int UploadsUnderWay(string bucket) => _store.Find(bucket)?.Uploads().Count ?? 0;

    /// <summary>Deletes an object under whoever reads it; nothing happens when it is not there.</summary>
    public void Delete(string bucket, string key) => _store.Find(bucket)?.Delete(key);
}
