namespace IotOps.Archive.Tests.Exporting;

/// <summary>Keeps what was told, and may act on it, on the exporting task itself.</summary>
internal sealed class Percents(Action<LogExportProgress>? told = null) : IProgress<LogExportProgress>
{
    public List<int> Told { get; } = [];

    public void Report(LogExportProgress value)
    {
        Told.Add(value.Percent);
        told?.Invoke(value);
    }
}
