using IotOps.Emulator.Http;

namespace IotOps.Emulator.S3;

/// <summary>A bucket's objects and uploads under way. Thread-safe.</summary>
internal sealed class Bucket(string name, string region, DateTimeOffset createdAt, ObjectFiles? files)
{
    private const int MaxCompleted = 1_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, StoredObject> _objects = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _keys = new(KeyOrder.Instance);
    private readonly Dictionary<string, MultipartUpload> _uploads = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _completed = new(StringComparer.Ordinal);

    public string Name { get; } = name;

    public string Region { get; } = region;

    public DateTimeOffset CreatedAt { get; } = createdAt;

    public bool IsEmpty
    {
        get { lock (_lock) { return _objects.Count == 0; } }
    }

    public StoredObject? Find(string key)
    {
        lock (_lock) { return _objects.GetValueOrDefault(key); }
    }

    /// <summary>Puts an object if <paramref name="condition"/> lets the present one be replaced; it throws otherwise.</summary>
    public void Put(StoredObject stored, Action<StoredObject?> condition)
    {
        lock (_lock)
        {
            StoredObject? old = _objects.GetValueOrDefault(stored.Key);
            condition(old);
            files?.Write(Name, stored);
            _objects[stored.Key] = stored;
            _keys.Add(stored.Key);
            old?.Blob.Delete();
        }
    }

    /// <summary>Deletes an object if <paramref name="condition"/> lets it go; it throws otherwise.</summary>
    public void Delete(string key, Action<StoredObject?>? condition = null)
    {
        lock (_lock)
        {
            condition?.Invoke(_objects.GetValueOrDefault(key));
            if (_objects.Remove(key, out StoredObject? old))
            {
                _keys.Remove(key);
                files?.Delete(Name, key);
                old.Blob.Delete();
            }
        }
    }

    /// <summary>Takes in what a former run left on disk.</summary>
    public void Restore(StoredObject stored)
    {
        lock (_lock)
        {
            _objects[stored.Key] = stored;
            _keys.Add(stored.Key);
        }
    }

    /// <summary>Calls back for each object with a key of at least <paramref name="from"/>, in order, until it returns false.</summary>
    public void Scan(string from, Func<StoredObject, bool> visit)
    {
        lock (_lock)
        {
            if (_keys.Max is not { } last || KeyOrder.Instance.Compare(from, last) > 0)
            {
                return;
            }

            foreach (string key in _keys.GetViewBetween(from, last))
            {
                if (!visit(_objects[key]))
                {
                    return;
                }
            }
        }
    }

    public void Begin(MultipartUpload upload)
    {
        lock (_lock) { _uploads[upload.Id] = upload; }
    }

    /// <summary>Uploads under way, by key and then by id: the order in which listings go on.</summary>
    public IReadOnlyList<MultipartUpload> Uploads()
    {
        lock (_lock) { return [.. _uploads.Values.OrderBy(u => u.Key, KeyOrder.Instance).ThenBy(u => u.Id, StringComparer.Ordinal)]; }
    }

    public MultipartUpload Upload(string key, string id)
    {
        lock (_lock)
        {
            return _uploads.TryGetValue(id, out MultipartUpload? upload) && upload.Key == key
                ? upload
                : throw new Refusal(404, "NoSuchUpload", "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.")
                {
                    Details = [new("UploadId", id)],
                };
        }
    }

    public IReadOnlyList<UploadPart> Parts(MultipartUpload upload)
    {
        lock (_lock) { return [.. upload.Parts.Values]; }
    }

    public void Add(MultipartUpload upload, UploadPart part)
    {
        lock (_lock)
        {
            if (upload.Parts.TryGetValue(part.Number, out UploadPart? old))
            {
                old.Blob.Delete();
            }

            upload.Parts[part.Number] = part;
        }
    }

    /// <summary>Forgets an upload and its parts.</summary>
    /// <param name="upload">The upload.</param>
    /// <param name="completedETag">What it became; null when it was aborted.</param>
    public void End(MultipartUpload upload, string? completedETag)
    {
        lock (_lock)
        {
            _uploads.Remove(upload.Id);
            foreach (UploadPart part in upload.Parts.Values)
            {
                part.Blob.Delete();
            }

            if (completedETag is not null)
            {
                if (_completed.Count >= MaxCompleted)
                {
                    _completed.Clear();
                }

                _completed[upload.Id] = completedETag;
            }
        }
    }

    /// <summary>The ETag that an upload ended with, for a client that asks again because it never got the answer.</summary>
    public string? CompletedETag(string uploadId)
    {
        lock (_lock) { return _completed.GetValueOrDefault(uploadId); }
    }
}
