namespace IotOps.Archive.Exporting;

/// <summary>Turns objects that are done into percent, told once each.</summary>
internal sealed class ProgressMeter(IProgress<LogExportProgress>? progress)
{
    private const int Started = 10;
    private const int Almost = 99;

    private long _objects;
    private long _bytes;
    private long _totalObjects;
    private long _totalBytes;
    private int _told = -1;

    public void Start() => Tell(Started);

    /// <summary>What is to be done in all, and what an earlier run did of it.</summary>
    public void Plan(long objects, long bytes, long objectsDone, long bytesDone)
    {
        (_totalObjects, _totalBytes, _objects, _bytes) = (objects, bytes, objectsDone, bytesDone);
        Tell(Percent());
    }

    public void Done(long bytes)
    {
        _objects++;
        _bytes += bytes;
        Tell(Percent());
    }

    public void Finish() => Tell(100);

    private int Percent() => _totalBytes == 0 ? Started : Started + (int)((Almost - Started) * (double)_bytes / _totalBytes);

    private void Tell(int percent)
    {
        if (percent > _told)
        {
            _told = percent;
            progress?.Report(new LogExportProgress(percent, _objects, _totalObjects, _bytes, _totalBytes));
        }
    }
}
