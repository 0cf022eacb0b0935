using System.Globalization;
using System.IO.Compression;
using IotOps.Archive;

namespace IotOps.Benchmarks.Archive;

/// <summary>
/// Each file by itself, by one thread of <see cref="DeflateProfile.Balanced"/> beside .NET's ZipArchive at its optimal level, in turns in one process, from memory
/// into nothing: <c>zip-files DIR [ROUNDS] [SUFFIX...]</c>. Prints the files whose compressed bytes are most beside the peer's, and what all of them took.
/// </summary>
internal static class ZipFiles
{
    private const int Shown = 24;
    private const int LargestFile = 64 << 20;
    private const double Tolerated = 1.005;
    private static readonly DateTimeOffset When = new(2023, 10, 1, 0, 0, 0, TimeSpan.Zero);

    public static async Task RunAsync(string directory, int rounds, string[] suffixes)
    {
        var every = new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint };
        Outcome all = default;
        List<(string Name, Outcome Outcome)> files = [];
        foreach (string file in Directory.EnumerateFiles(directory, "*", every).Order(StringComparer.Ordinal))
        {
            bool wanted = suffixes.Length == 0 || suffixes.Any(suffix => file.EndsWith(suffix, StringComparison.Ordinal));
            if (wanted && new FileInfo(file).Length is > 0 and <= LargestFile)
            {
                Outcome outcome = await MeasureAsync(await File.ReadAllBytesAsync(file), rounds);
                all += outcome;
                files.Add((Path.GetRelativePath(directory, file), outcome));
            }
        }

        Console.WriteLine("| | bytes | ratio | bytes : Optimal | CPU : Optimal |\n|---|---:|---:|---:|---:|");
        foreach ((string name, Outcome outcome) in files.OrderByDescending(file => file.Outcome.Size).Take(Shown))
        {
            Print(name, outcome);
        }

        Print($"all {files.Count}", all);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{files.Count(file => file.Outcome.Size > Tolerated)} files are more than {Tolerated - 1:P1} larger; {rounds} rounds"));
    }

    private static void Print(string name, Outcome outcome) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"| {name} | {outcome.Plain} | {(double)outcome.Plain / outcome.Optimal:0.00} | {outcome.Size:0.000} | {outcome.Cpu / outcome.OptimalCpu:0.00} |"));

    private static async Task<Outcome> MeasureAsync(byte[] content, int rounds)
    {
        Outcome outcome = default;
        await using var zip = new ZipStreamWriter(Stream.Null, new ZipStreamWriterOptions { Threads = 1 });
        for (int round = -1; round < rounds; round++)
        {
            TimeSpan start = Environment.CpuUsage.TotalTime;
            var counted = new CountingStream();
            await using (var deflate = new DeflateStream(counted, CompressionLevel.Optimal))
            {
                deflate.Write(content);
            }

            TimeSpan between = Environment.CpuUsage.TotalTime;
            zip.OpenEntry("entry", When);
            await zip.WriteAsync(content);
            await zip.CloseEntryAsync();
            await zip.FlushAsync();
            TimeSpan end = Environment.CpuUsage.TotalTime;

            // The first round warms up.
            outcome = new Outcome(
                content.Length,
                counted.Written,
                zip.Entries[^1].CompressedLength,
                Least(outcome.OptimalCpu, round, between - start),
                Least(outcome.Cpu, round, end - between));
        }

        return outcome;
    }

    // The least of the rounds: what else runs on the machine only adds.
    private static double Least(double before, int round, TimeSpan taken) => round <= 0 ? taken.TotalSeconds : Math.Min(before, taken.TotalSeconds);

    private readonly record struct Outcome(long Plain, long Optimal, long Compressed, double OptimalCpu, double Cpu)
    {
        public double Size => (double)Compressed / Optimal;

        public static Outcome operator +(Outcome left, Outcome right) => new(
            left.Plain + right.Plain, left.Optimal + right.Optimal, left.Compressed + right.Compressed, left.OptimalCpu + right.OptimalCpu, left.Cpu + right.Cpu);
    }
}
