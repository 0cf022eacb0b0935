namespace IotOps.Emulator.S3;

/// <summary>A bucket's objects and what it is set to do. Thread-safe.</summary>
internal sealed class Bucket(string name, string region, DateTimeOffset createdAt, ObjectFiles? files)
{
    private readonly Lock _lock = new();
    private readonly ObjectVersions _objects = new();
    private BucketSettings _settings = new();
    private long _sequence;

    public string Name { get; } = name;

    public string Region { get; } = region;

    public DateTimeOffset CreatedAt { get; } = createdAt;

    /// <summary>Multipart uploads under way.</summary>
    public BucketUploads Uploads { get; } = new();

    public BucketSettings Settings
    {
        get { lock (_lock) { return _settings; } }
    }

    /// <summary>Whether answers speak of versions.</summary>
    public bool HasVersions => Settings.Versioning != Versioning.Never;

    /// <summary>Whether it has neither objects nor versions nor markers.</summary>
    public bool IsEmpty
    {
        get { lock (_lock) { return _objects.IsEmpty; } }
    }

    public void Change(Func<BucketSettings, BucketSettings> change)
    {
        lock (_lock)
        {
            BucketSettings changed = change(_settings);
            files?.Write(this, changed);
            _settings = changed;
        }
    }

    /// <summary>The object of a key; null when it has none, or its newest version is a marker.</summary>
    public StoredObject? Find(string key) => Current(key) is { IsDeleteMarker: false } current ? current : null;

    /// <summary>The newest version of a key, which may be a marker.</summary>
    public StoredObject? Current(string key)
    {
        lock (_lock) { return _objects.Current(key); }
    }

    public StoredObject? Version(string key, string versionId)
    {
        lock (_lock) { return _objects.Find(key, versionId); }
    }

    /// <summary>Every version of a key, newest first.</summary>
    public IReadOnlyList<StoredObject> Versions(string key)
    {
        lock (_lock) { return [.. _objects.Of(key)]; }
    }

    /// <summary>Puts an object if <paramref name="condition"/> lets the present one be replaced; it throws otherwise.</summary>
    /// <returns>The object as it is stored, with its version.</returns>
    public StoredObject Put(StoredObject stored, Action<StoredObject?> condition)
    {
        lock (_lock)
        {
            condition(Find(stored.Key));
            return Add(stored);
        }
    }

    /// <summary>Changes a version in its place.</summary>
    public void Update(StoredObject version, Func<StoredObject, StoredObject> change)
    {
        lock (_lock)
        {
            // Gone or replaced meanwhile, it has nothing that could change.
            if (_objects.Find(version.Key, version.VersionId) is { } present && present.Sequence == version.Sequence)
            {
                StoredObject changed = change(present);
                files?.Write(Name, changed);
                _objects.Remove(present.Key, present.VersionId);
                _objects.Add(changed);
            }
        }
    }

    /// <summary>
    /// Deletes the object of a key, of which a bucket with versions makes a marker, or one version of it for good, if
    /// <paramref name="condition"/> lets it go; it throws otherwise.
    /// </summary>
    public DeletedVersion Delete(string key, string? versionId, DateTimeOffset now, Action<StoredObject?>? condition = null)
    {
        lock (_lock)
        {
            condition?.Invoke(versionId is null ? Find(key) : _objects.Find(key, versionId));
            if (versionId is null && _settings.Versioning != Versioning.Never)
            {
                return new DeletedVersion(Add(StoredObject.Marker(key, now)).VersionId, IsMarker: true);
            }

            StoredObject? gone = Remove(key, versionId ?? VersionId.Null);
            return new DeletedVersion(versionId, gone is { IsDeleteMarker: true });
        }
    }

    /// <summary>Takes in what a former run left on disk.</summary>
    public void Restore(BucketSettings settings, IEnumerable<StoredObject> objects)
    {
        lock (_lock)
        {
            _settings = settings;
            foreach (StoredObject stored in objects)
            {
                _objects.Add(stored);
                _sequence = Math.Max(_sequence, stored.Sequence);
            }
        }
    }

    /// <summary>Calls back for the object of each key of at least <paramref name="from"/>, in order, until it returns false.</summary>
    public void Scan(string from, Func<StoredObject, bool> visit)
    {
        lock (_lock)
        {
            foreach (StoredObject current in _objects.KeysFrom(from).Select(k => _objects.Current(k)!).Where(o => !o.IsDeleteMarker))
            {
                if (!visit(current))
                {
                    return;
                }
            }
        }
    }

    /// <summary>Calls back for every version, the newest of a key first and with whether it is that, until it returns false.</summary>
    public void ScanVersions(string from, Func<StoredObject, bool, bool> visit)
    {
        lock (_lock)
        {
            foreach (string key in _objects.KeysFrom(from))
            {
                StoredObject latest = _objects.Current(key)!;
                if (_objects.Of(key).Any(version => !visit(version, ReferenceEquals(version, latest))))
                {
                    return;
                }
            }
        }
    }

    private StoredObject Add(StoredObject stored)
    {
        long sequence = ++_sequence;
        StoredObject version = stored with
        {
            Sequence = sequence,
            VersionId = _settings.Versioning == Versioning.Enabled ? VersionId.Create(sequence) : VersionId.Null,
        };

        // The file of the null version is overwritten at once, so that a kill leaves the old or the new one.
        files?.Write(Name, version);
        _objects.Remove(version.Key, version.VersionId)?.Blob.Delete();
        _objects.Add(version);
        return version;
    }

    private StoredObject? Remove(string key, string versionId)
    {
        if (_objects.Remove(key, versionId) is not { } gone)
        {
            return null;
        }

        files?.Delete(Name, gone);
        gone.Blob.Delete();
        return gone;
    }
}
