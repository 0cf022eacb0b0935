using System.Collections.Concurrent;
using IotOps.Emulator.Http;

namespace IotOps.Emulator.S3;

/// <summary>Every bucket of the account. Thread-safe.</summary>
internal sealed class BucketStore
{
    private readonly ConcurrentDictionary<string, Bucket> _buckets = new(StringComparer.Ordinal);
    private readonly ObjectFiles? _files;
    private readonly TimeProvider _timeProvider;

    public BucketStore(EmulatorOptions options)
    {
        _timeProvider = options.TimeProvider;
        AccountId = options.AccountId;
        if (options.DataDirectory is { } directory)
        {
            _files = new ObjectFiles(Path.Combine(directory, "s3"));
            foreach (Bucket bucket in _files.Load())
            {
                _buckets[bucket.Name] = bucket;
            }
        }

        Blobs = new BlobStore(_files?.BlobDirectory);
    }

    public BlobStore Blobs { get; }

    /// <summary>Who owns every bucket.</summary>
    public string AccountId { get; }

    /// <summary>To the second, as the protocol shows times.</summary>
    public DateTimeOffset Now => DateTimeOffset.FromUnixTimeSeconds(_timeProvider.GetUtcNow().ToUnixTimeSeconds());

    public IEnumerable<Bucket> Buckets => _buckets.Values.OrderBy(b => b.Name, StringComparer.Ordinal);

    public Bucket? Find(string name) => _buckets.GetValueOrDefault(name);

    public Bucket Bucket(string name) =>
        Find(name) ?? throw new Refusal(404, "NoSuchBucket", "The specified bucket does not exist") { Details = [new("BucketName", name)] };

    /// <returns>False when it was there already.</returns>
    public bool Create(string name, string region)
    {
        var bucket = new Bucket(name, region, Now, _files);
        if (!_buckets.TryAdd(name, bucket))
        {
            return false;
        }

        bucket.Change(settings => settings);
        return true;
    }

    public void Delete(string name)
    {
        Bucket bucket = Bucket(name);
        if (!bucket.IsEmpty)
        {
            string more = bucket.HasVersions ? ". You must delete all versions in the bucket." : "";
            throw new Refusal(409, "BucketNotEmpty", "The bucket you tried to delete is not empty" + more) { Details = [new("BucketName", name)] };
        }

        if (_buckets.TryRemove(name, out _))
        {
            _files?.DeleteBucket(name);
        }
    }
}
