using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using IotOps.Fleet;

namespace IotOps.Samples.FleetTool.Trail;

/// <summary>
/// A trail's objects, each read once: into a temporary file, which whoever opens the object has then. What was validated is what is kept as evidence,
/// whatever becomes of the bucket meanwhile.
/// </summary>
internal sealed class SpooledTrail : ITrailObjects, IAsyncDisposable
{
    private readonly ITrailObjects _inner;
    private readonly string _folder = Directory.CreateTempSubdirectory("fleettool-trail-").FullName;
    private readonly ConcurrentDictionary<string, Lazy<Task<Spooled?>>> _objects = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, byte> _listed = new(StringComparer.Ordinal);
    private int _number;

    public SpooledTrail(ITrailObjects inner) => _inner = inner;

    /// <summary>The keys that were listed so far, sorted.</summary>
    public IReadOnlyList<string> Listed => [.. _listed.Keys.Order(StringComparer.Ordinal)];

    /// <summary>The objects that were read so far and are there, by key, with their metadata.</summary>
    public async Task<IReadOnlyList<(string Key, string Path, IReadOnlyDictionary<string, string> Metadata)>> ReadAsync()
    {
        List<(string, string, IReadOnlyDictionary<string, string>)> read = [];
        foreach ((string key, Lazy<Task<Spooled?>> spooled) in _objects.OrderBy(one => one.Key, StringComparer.Ordinal))
        {
            if (await spooled.Value is { } found)
            {
                read.Add((key, found.Path, found.Metadata));
            }
        }

        return read;
    }

    public async IAsyncEnumerable<TrailObjectInfo> ListAsync(string bucket, string prefix, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (TrailObjectInfo found in _inner.ListAsync(bucket, prefix, cancellationToken))
        {
            _listed.TryAdd(found.Key, 0);
            yield return found;
        }
    }

    public IAsyncEnumerable<string> ListFoldersAsync(string bucket, string prefix, CancellationToken cancellationToken = default) =>
        _inner.ListFoldersAsync(bucket, prefix, cancellationToken);

    public async Task<TrailObject?> OpenAsync(string bucket, string key, CancellationToken cancellationToken = default) =>
        await _objects.GetOrAdd(key, _ => new Lazy<Task<Spooled?>>(() => SpoolAsync(bucket, key, cancellationToken))).Value is { } found
            ? new TrailObject(File.OpenRead(found.Path), found.Metadata)
            : null;

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    private async Task<Spooled?> SpoolAsync(string bucket, string key, CancellationToken cancellationToken)
    {
        await using TrailObject? found = await _inner.OpenAsync(bucket, key, cancellationToken);
        if (found is null)
        {
            return null;
        }

        string path = Path.Combine(_folder, $"{Interlocked.Increment(ref _number)}");
        await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        await found.Body.CopyToAsync(file, cancellationToken);
        return new Spooled(path, found.Metadata);
    }

    private sealed record Spooled(string Path, IReadOnlyDictionary<string, string> Metadata);
}
