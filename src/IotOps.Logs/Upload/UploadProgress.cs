namespace IotOps.Logs.Upload;

/// <summary>Adds up what the parts of one upload have sent, and tells about it now and then.</summary>
internal sealed class UploadProgress(IProgress<S3UploaderProgress>? listener, long total)
{
    private const long Step = 1L << 20;

    private readonly Lock _lock = new();
    private long _sent;
    private long _told = -1;

    public void Add(long bytes)
    {
        lock (_lock)
        {
            _sent += bytes;
            if (listener is not null && Math.Abs(_sent - _told) >= Step && _sent < total)
            {
                Tell();
            }
        }
    }

    public void Done()
    {
        lock (_lock)
        {
            _sent = total;
            Tell();
        }
    }

    private void Tell()
    {
        _told = _sent;
        listener?.Report(new S3UploaderProgress(_sent, total));
    }
}
