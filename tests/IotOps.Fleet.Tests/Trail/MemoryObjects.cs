using System.Runtime.CompilerServices;

namespace IotOps.Fleet.Tests.Trail;

/// <summary>A bucket in memory, which knows what was asked of it.</summary>
internal sealed class MemoryObjects : ITrailObjects
{
    private readonly SortedDictionary<string, (byte[] Body, Dictionary<string, string> Metadata, DateTimeOffset? Time)> _objects = new(StringComparer.Ordinal);

    public List<string> Listed { get; } = [];

    public List<string> Opened { get; } = [];

    /// <summary>Streams that are open.</summary>
    public int Open { get; private set; }

    public byte[] this[string key]
    {
        get => _objects[key].Body;
        set => _objects[key] = (value, _objects.TryGetValue(key, out var old) ? old.Metadata : [], null);
    }

    public IEnumerable<string> Keys => _objects.Keys;

    public void Put(string key, byte[] body, Dictionary<string, string>? metadata = null, DateTimeOffset? time = null) => _objects[key] = (body, metadata ?? [], time);

    public bool Remove(string key) => _objects.Remove(key);

    public Dictionary<string, string> MetadataOf(string key) => _objects[key].Metadata;

    public async IAsyncEnumerable<TrailObjectInfo> ListAsync(string bucket, string prefix, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        Listed.Add(prefix);
        foreach ((string key, var value) in _objects.Where(entry => entry.Key.StartsWith(prefix, StringComparison.Ordinal)).ToArray())
        {
            await Task.CompletedTask;
            yield return new TrailObjectInfo(key, value.Time);
        }
    }

    public async IAsyncEnumerable<string> ListFoldersAsync(string bucket, string prefix, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (string folder in _objects.Keys.Where(key => key.StartsWith(prefix, StringComparison.Ordinal) && key.IndexOf('/', prefix.Length) > 0)
            .Select(key => key[..(key.IndexOf('/', prefix.Length) + 1)]).Distinct(StringComparer.Ordinal).ToArray())
        {
            await Task.CompletedTask;
            yield return folder;
        }
    }

    public Task<TrailObject?> OpenAsync(string bucket, string key, CancellationToken cancellationToken = default)
    {
        Opened.Add(key);
        if (!_objects.TryGetValue(key, out var found))
        {
            return Task.FromResult<TrailObject?>(null);
        }

        Open++;
        return Task.FromResult<TrailObject?>(new TrailObject(new CountedStream(found.Body, () => Open--), found.Metadata));
    }

    private sealed class CountedStream(byte[] body, Action closed) : MemoryStream(body)
    {
        private bool _isClosed;

        protected override void Dispose(bool disposing)
        {
            if (!_isClosed)
            {
                _isClosed = true;
                closed();
            }

            base.Dispose(disposing);
        }
    }
}
