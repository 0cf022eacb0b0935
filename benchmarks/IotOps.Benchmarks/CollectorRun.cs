using System.Globalization;
using IotOps.Defender;

namespace IotOps.Benchmarks;

/// <summary>
/// One collection for each line of standard input, beside a bare read of the same files, in turns. Run by run-defender.sh, which opens the
/// connections; prints milliseconds of the collection, of the bare read, bytes allocated by the collection, and established connections.
/// </summary>
internal static class CollectorRun
{
    private const int BufferBytes = 16 * 1024;

    private static readonly string[] Files = ["tcp", "tcp6", "udp", "udp6", "dev"];

    public static async Task RunAsync()
    {
        var collector = new MetricsCollector(new MetricsCollectorOptions { ProcfsRoot = "/proc" });
        var builder = new DefenderReportBuilder();
        byte[] buffer = new byte[BufferBytes];
        bool isBareFirst = false;
        while (await Console.In.ReadLineAsync() is not null)
        {
            double bare = isBareFirst ? ReadBare(buffer) : 0;
            long allocated = GC.GetAllocatedBytesForCurrentThread();
            long start = TimeProvider.System.GetTimestamp();
            collector.Collect(builder);
            double taken = TimeProvider.System.GetElapsedTime(start).TotalMilliseconds;
            allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
            bare = isBareFirst ? bare : ReadBare(buffer);
            isBareFirst = !isBareFirst;
            await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{taken:F3} {bare:F3} {allocated} {builder.TcpConnections.Count}"));
        }
    }

    private static double ReadBare(byte[] buffer)
    {
        long start = TimeProvider.System.GetTimestamp();
        foreach (string file in Files)
        {
            using var stream = new FileStream("/proc/self/net/" + file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1);
            while (stream.Read(buffer) > 0)
            {
                // The kernel makes the text while it is read: that is the whole cost of it.
            }
        }

        return TimeProvider.System.GetElapsedTime(start).TotalMilliseconds;
    }
}
