using System.Globalization;
using System.IO.Compression;
using IotOps.Archive;

namespace IotOps.Benchmarks.Archive;

/// <summary>
/// Gzip files, held in memory, into a zip that goes nowhere: spliced, and beside it in the same process, turn by turn, what there is without a splice:
/// GZipStream and ZipArchive. <c>splice DIR [rounds]</c> prints medians; seconds of CPU are those of the whole process.
/// </summary>
internal static class SpliceRounds
{
    private const int CopyBytes = 128 << 10;
    private const int WarmUps = 2;
    private static readonly DateTimeOffset When = new(2023, 10, 1, 0, 0, 0, TimeSpan.Zero);

    public static async Task RunAsync(string directory, int rounds)
    {
        byte[][] files =
        [
            .. Directory.EnumerateFiles(directory, "*.gz", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(File.ReadAllBytes),
        ];
        (string Name, Func<byte[][], Task<long>> Zip)[] ways =
        [
            ("IotOps gzip splice", SpliceAsync), ("GZipStream, ZipArchive Optimal", DeflateAgainAsync), ("GZipStream alone", InflateAsync),
        ];
        var taken = ways.Select(_ => new List<(double Wall, double Cpu)>()).ToArray();
        long plain = 0;
        for (int round = -WarmUps; round < rounds; round++)
        {
            for (int way = 0; way < ways.Length; way++)
            {
                long began = TimeProvider.System.GetTimestamp();
                TimeSpan cpu = Environment.CpuUsage.TotalTime;
                plain = await ways[way].Zip(files);
                if (round >= 0)
                {
                    taken[way].Add((TimeProvider.System.GetElapsedTime(began).TotalSeconds, (Environment.CpuUsage.TotalTime - cpu).TotalSeconds));
                }
            }
        }

        double spliced = Median(taken[0], t => t.Cpu);
        for (int way = 0; way < ways.Length; way++)
        {
            double wall = Median(taken[way], t => t.Wall);
            double cpu = Median(taken[way], t => t.Cpu);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{ways[way].Name}: {plain / 1e6:0.0} MB plain, {plain / 1e6 / wall:0} MB/s, {wall:0.000} s, {cpu:0.000} CPU s, {cpu / spliced:0.00} times the splice's"));
        }
    }

    private static double Median(List<(double Wall, double Cpu)> taken, Func<(double Wall, double Cpu), double> of) =>
        taken.Select(of).Order().ElementAt(taken.Count / 2);

    private static async Task<long> SpliceAsync(byte[][] files)
    {
        long plain = 0;
        await using var zip = new ZipStreamWriter(Stream.Null, new ZipStreamWriterOptions { Threads = 1 });
        for (int i = 0; i < files.Length; i++)
        {
            zip.OpenEntry($"{i}.log", When);
            plain += (await zip.AppendGzipAsync(new MemoryStream(files[i]))).Length;
            await zip.CloseEntryAsync();
        }

        await zip.CompleteAsync();
        return plain;
    }

    private static async Task<long> DeflateAgainAsync(byte[][] files)
    {
        long plain = 0;
        byte[] buffer = new byte[CopyBytes];
        await using ZipArchive zip = await ZipArchive.CreateAsync(new BufferedStream(Stream.Null), ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null);
        for (int i = 0; i < files.Length; i++)
        {
            await using Stream entry = await zip.CreateEntry($"{i}.log", CompressionLevel.Optimal).OpenAsync();
            await using var source = new GZipStream(new MemoryStream(files[i]), CompressionMode.Decompress);
            int read;
            while ((read = await source.ReadAsync(buffer)) > 0)
            {
                await entry.WriteAsync(buffer.AsMemory(0, read));
                plain += read;
            }
        }

        return plain;
    }

    private static async Task<long> InflateAsync(byte[][] files)
    {
        long plain = 0;
        byte[] buffer = new byte[CopyBytes];
        foreach (byte[] file in files)
        {
            await using var source = new GZipStream(new MemoryStream(file), CompressionMode.Decompress);
            int read;
            while ((read = await source.ReadAsync(buffer)) > 0)
            {
                plain += read;
            }
        }

        return plain;
    }
}
