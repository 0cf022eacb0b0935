using IotOps.Archive.Uploading;

namespace IotOps.Archive.Exporting;

/// <summary>Documents beside the zips, under the same prefix, so that the same lifecycle rule clears up.</summary>
internal sealed class S3ExportStore(BucketClient bucket, string prefix) : IExportStore
{
    public Task<byte[]?> FindAsync(string name, CancellationToken cancellationToken) => bucket.FindAsync(Key(name), cancellationToken);

    public Task WriteAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        byte[] bytes = content.ToArray();
        return bucket.PutAsync(Key(name), () => new MemoryStream(bytes, writable: false), "application/octet-stream", cancellationToken);
    }

    public Task DeleteAsync(string name, CancellationToken cancellationToken) => bucket.DeleteAsync(Key(name), cancellationToken);

    private string Key(string name) => $"{prefix}/requests/{name}";
}
