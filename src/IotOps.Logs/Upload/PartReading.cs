namespace IotOps.Logs.Upload;

/// <summary>One part of a file, opened once for each attempt to send it.</summary>
internal sealed class PartReading(SourceFile file, long offset, UploadProgress progress)
{
    private long _counted;

    public Stream Open()
    {
        progress.Add(-_counted);
        _counted = 0;
        return new PartStream(file.Open(offset), this);
    }

    public void Count(int bytes)
    {
        if (bytes == 0)
        {
            // An end before the part's own is a file that was cut.
            file.ThrowIfChanged();
        }

        _counted += bytes;
        progress.Add(bytes);
    }
}
