using IotOps.Archive;

namespace IotOps.Samples.LogExport;

/// <summary>A bar that moves on a terminal; a line each tenth in a log.</summary>
internal sealed class ExportProgressView : IProgress<LogExportProgress>
{
    private const int Width = 30;

    private readonly bool _isTerminal = !Console.IsErrorRedirected;
    private int _tenth = -1;

    public void Report(LogExportProgress value)
    {
        if (_isTerminal)
        {
            int filled = value.Percent * Width / 100;
            string end = value.Percent == 100 ? "\n" : "";
            Console.Error.Write($"\r[{new string('#', filled)}{new string('-', Width - filled)}] {value.Percent,3} %  {value.BytesDone / 1e6:N1} of {value.BytesTotal / 1e6:N1} MB {end}");
        }
        else if (value.Percent / 10 > _tenth)
        {
            _tenth = value.Percent / 10;
            Console.Error.WriteLine($"{value.Percent} % ({value.ObjectsDone} of {value.ObjectsTotal} objects)");
        }
    }
}
