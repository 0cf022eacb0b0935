using System.Globalization;
using System.IO.Compression;
using IotOps.Archive;

namespace IotOps.Benchmarks.Archive;

/// <summary>
/// .NET's ZipArchive and every profile of ours on one and two threads, in turns in one process, from memory into nothing: <c>zip-profiles DIR [ROUNDS]</c>.
/// What is left out beside <see cref="ZipCommand"/> is the start of the runtime, the compiler and the disk.
/// </summary>
internal static class ZipProfiles
{
    private static readonly DateTimeOffset When = new(2023, 10, 1, 0, 0, 0, TimeSpan.Zero);

    public static async Task RunAsync(string directory, int rounds)
    {
        (string Name, byte[] Content)[] files =
        [
            .. Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories)
                .Order(StringComparer.Ordinal)
                .Select(file => (Path.GetRelativePath(directory, file), File.ReadAllBytes(file))),
        ];
        long plain = files.Sum(file => file.Content.LongLength);
        ZipCase[] cases =
        [
            new("ZipArchive Optimal", () => ZipArchiveAsync(files, CompressionLevel.Optimal)),
            new("ZipArchive Fastest", () => ZipArchiveAsync(files, CompressionLevel.Fastest)),
            .. from profile in Enum.GetValues<DeflateProfile>()
               where profile != DeflateProfile.Stored
               from threads in Enumerable.Range(1, 2)
               select new ZipCase($"IotOps {profile}, {threads} thread{(threads > 1 ? "s" : "")}", () => ZipAsync(files, profile, threads)),
        ];

        // The first round compiles.
        for (int round = -1; round < rounds; round++)
        {
            foreach (ZipCase one in cases)
            {
                await one.RunAsync(count: round >= 0);
            }
        }

        Console.WriteLine("| | MB/s | CPU s | ratio | beside ZipArchive Optimal |\n|---|---:|---:|---:|---:|");
        foreach (ZipCase one in cases)
        {
            // A ratio is of one round's own pair, because the machine's speed moves from round to round.
            double beside = Median(one.Seconds.Zip(cases[0].Seconds, (ours, optimal) => optimal / ours));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {one.Name} | {plain / 1e6 / Median(one.Seconds):0} | {Median(one.CpuSeconds):0.00} | {(double)plain / one.ZipBytes:0.00} | {beside:0.00} |"));
        }
    }

    private static async Task<long> ZipAsync((string Name, byte[] Content)[] files, DeflateProfile profile, int threads)
    {
        await using var zip = new ZipStreamWriter(Stream.Null, new ZipStreamWriterOptions { Profile = profile, Threads = threads });
        foreach ((string name, byte[] content) in files)
        {
            zip.OpenEntry(name, When);
            await zip.WriteAsync(content);
            await zip.CloseEntryAsync();
        }

        await zip.CompleteAsync();
        return zip.BytesWritten;
    }

    private static async Task<long> ZipArchiveAsync((string Name, byte[] Content)[] files, CompressionLevel level)
    {
        var counted = new CountingStream();
        await using (var zip = new ZipArchive(counted, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, byte[] content) in files)
            {
                await using Stream entry = await zip.CreateEntry(name, level).OpenAsync();
                await entry.WriteAsync(content);
            }
        }

        return counted.Written;
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private sealed class ZipCase(string name, Func<Task<long>> zip)
    {
        public string Name => name;

        public List<double> Seconds { get; } = [];

        public List<double> CpuSeconds { get; } = [];

        public long ZipBytes { get; private set; }

        public async Task RunAsync(bool count)
        {
            GC.Collect();
            TimeSpan cpu = Environment.CpuUsage.TotalTime;
            long began = TimeProvider.System.GetTimestamp();
            ZipBytes = await zip();
            if (count)
            {
                Seconds.Add(TimeProvider.System.GetElapsedTime(began).TotalSeconds);
                CpuSeconds.Add((Environment.CpuUsage.TotalTime - cpu).TotalSeconds);
            }
        }
    }
}
