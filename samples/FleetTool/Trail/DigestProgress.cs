namespace IotOps.Samples.FleetTool.Trail;

/// <summary>The log files that are done, on a terminal.</summary>
internal sealed class DigestProgress : IProgress<long>
{
    private readonly bool _isShown = !Console.IsErrorRedirected;

    public void Report(long value)
    {
        if (_isShown && value % 16 == 0)
        {
            Console.Error.Write($"\r{value} log files\u001B[K\r");
        }
    }
}
