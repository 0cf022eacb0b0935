using System.Diagnostics;
using System.Globalization;
using Amazon.Runtime;
using Amazon.S3;
using IotOps.Archive;

namespace IotOps.Benchmarks.Archive;

/// <summary>
/// Objects a second of one export of very small objects, through the lean GET, through <c>IAmazonS3.GetObjectAsync</c>, and, for what both cannot get below, through
/// the bare transport and bare sockets, taking turns: <c>export-objects [OBJECTS] [ROUNDS] [CASE]</c>. S3 is <see cref="NullS3"/>, a process of its own.
/// </summary>
internal static class ExportObjects
{
    private const string Bucket = "dev-iot-logs";
    private const int ObjectBytes = 475;
    private static readonly DateOnly Day = new(2023, 10, 1);

    public static async Task RunAsync(int objects, int rounds, string? only)
    {
        (Process server, Uri endpoint) = NullS3.Start(objects, ObjectBytes);
        using (server)
        {
            var credentials = new SessionAWSCredentials("AKIDEXAMPLE", "secret", new string('t', 800));
            using var s3 = new AmazonS3Client(
                credentials, new AmazonS3Config { ServiceURL = endpoint.ToString(), AuthenticationRegion = "us-east-1", ForcePathStyle = true });
            using var lean = new SignedObjectReader(new SignedObjectReaderOptions { Region = "us-east-1", Endpoint = endpoint, Credentials = credentials });
            using var http = new BareHttpReader(endpoint);
            using var sockets = new BareSocketReader(endpoint);
            Case[] cases =
            [
                new("IAmazonS3.GetObjectAsync", new LogExporter(Options(s3, new AmazonS3ObjectReader(s3)))),
                new("SignedObjectReader", new LogExporter(Options(s3, lean))),
                new("the same transport, unsigned", new LogExporter(Options(s3, http))),
                new("bare sockets, unsigned", new LogExporter(Options(s3, sockets))),
            ];
            cases = [.. cases.Where(one => only is null || one.Name.Contains(only, StringComparison.OrdinalIgnoreCase))];

            // The first round compiles.
            for (int round = -1; round < rounds; round++)
            {
                foreach (Case one in cases)
                {
                    await one.MeasureAsync(count: round >= 0);
                }
            }

            server.StandardInput.Close();
            Print(objects, rounds, cases);
        }
    }

    private static void Print(int objects, int rounds, Case[] cases)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{objects} objects of {ObjectBytes} B, medians of {rounds} exports each"));
        Console.WriteLine("| | objects/s | us CPU an object | CPU : first | rate : first |\n|---|---:|---:|---:|---:|");
        foreach (Case one in cases)
        {
            // A ratio is of one round's own pair, because the machine's speed moves from round to round.
            IEnumerable<double> cpu = one.Runs.Zip(cases[0].Runs, (run, first) => run.Cpu / first.Cpu);
            IEnumerable<double> rate = one.Runs.Zip(cases[0].Runs, (run, first) => first.Seconds / run.Seconds);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {one.Name} | {objects / Median(one.Runs.Select(r => r.Seconds)):N0} | {Median(one.Runs.Select(r => r.Cpu)) * 1e6 / objects:N1} | {Median(cpu):0.00} | {Median(rate):0.00} |"));
        }
    }

    private static LogExporterOptions Options(AmazonS3Client s3, ILogObjectReader reader) => new()
    {
        S3 = s3,
        Reader = reader,
        Bucket = Bucket,
        Profile = DeflateProfile.Fast,
        Layout = new LogLayout(new LogCategory { Name = "telemetry", Prefix = "telemetry/{identifier}/{yyyy}/{MM}/{dd}/" }),
    };

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    private sealed class Case(string name, LogExporter exporter)
    {
        public string Name => name;

        public List<(double Seconds, double Cpu)> Runs { get; } = [];

        public async Task MeasureAsync(bool count)
        {
            GC.Collect();
            TimeSpan cpu = Environment.CpuUsage.TotalTime;
            long start = TimeProvider.System.GetTimestamp();
            await exporter.ExportAsync(new LogExportRequest { Identifier = "THING00001", Categories = ["telemetry"], Date = Day });
            if (count)
            {
                Runs.Add((TimeProvider.System.GetElapsedTime(start).TotalSeconds, (Environment.CpuUsage.TotalTime - cpu).TotalSeconds));
            }
        }
    }
}
