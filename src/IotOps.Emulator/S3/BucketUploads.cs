using IotOps.Emulator.Http;

namespace IotOps.Emulator.S3;

/// <summary>Multipart uploads under way in a bucket. Thread-safe.</summary>
internal sealed class BucketUploads
{
    private const int MaxCompleted = 1_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, MultipartUpload> _uploads = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _completed = new(StringComparer.Ordinal);

    /// <summary>By key and then by id: the order in which listings go on.</summary>
    public IReadOnlyList<MultipartUpload> All()
    {
        lock (_lock) { return [.. _uploads.Values.OrderBy(u => u.Key, KeyOrder.Instance).ThenBy(u => u.Id, StringComparer.Ordinal)]; }
    }

    public void Begin(MultipartUpload upload)
    {
        lock (_lock) { _uploads[upload.Id] = upload; }
    }

    public MultipartUpload Find(string key, string id)
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
