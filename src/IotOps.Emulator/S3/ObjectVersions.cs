namespace IotOps.Emulator.S3;

/// <summary>The versions of every key of a bucket, markers among them. Guarded by the bucket's lock.</summary>
internal sealed class ObjectVersions
{
    // Oldest first, so that a new version is appended.
    private readonly Dictionary<string, List<StoredObject>> _versions = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _keys = new(KeyOrder.Instance);

    public bool IsEmpty => _versions.Count == 0;

    /// <summary>The newest version, which may be a marker; null when the key has none.</summary>
    public StoredObject? Current(string key) => _versions.TryGetValue(key, out List<StoredObject>? versions) ? versions[^1] : null;

    public StoredObject? Find(string key, string versionId) => _versions.GetValueOrDefault(key)?.Find(v => v.VersionId == versionId);

    /// <summary>Every version of a key, newest first.</summary>
    public IEnumerable<StoredObject> Of(string key) => _versions.TryGetValue(key, out List<StoredObject>? versions) ? Enumerable.Reverse(versions) : [];

    /// <summary>Puts a version at its place; one of the same id must have been removed.</summary>
    public void Add(StoredObject stored)
    {
        if (!_versions.TryGetValue(stored.Key, out List<StoredObject>? versions))
        {
            _versions[stored.Key] = versions = new List<StoredObject>(1);
            _keys.Add(stored.Key);
        }

        int newer = versions.FindIndex(v => v.Sequence > stored.Sequence);
        versions.Insert(newer < 0 ? versions.Count : newer, stored);
    }

    /// <summary>Takes a version away and returns it; null when it is not there.</summary>
    public StoredObject? Remove(string key, string versionId)
    {
        if (Find(key, versionId) is not { } found)
        {
            return null;
        }

        List<StoredObject> versions = _versions[key];
        versions.Remove(found);
        if (versions.Count == 0)
        {
            _versions.Remove(key);
            _keys.Remove(key);
        }

        return found;
    }

    /// <summary>The keys from one on, in the order of listings.</summary>
    public IEnumerable<string> KeysFrom(string from) =>
        _keys.Max is { } last && KeyOrder.Instance.Compare(from, last) <= 0 ? _keys.GetViewBetween(from, last) : [];
}
