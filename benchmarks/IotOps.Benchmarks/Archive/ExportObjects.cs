using System.Diagnostics;
using System.Globalization;
using Amazon.Runtime;
using Amazon.S3;
using IotOps.Archive;

namespace IotOps.Benchmarks.Archive;

/// <summary>
/// Objects a second of one export of very small objects, through the lean GET and through <c>IAmazonS3.GetObjectAsync</c>, taking turns. S3 is
/// <see cref="NullS3"/>, a process of its own.
/// </summary>
internal static class ExportObjects
{
    private const string Bucket = "dev-iot-logs";
    private const int ObjectBytes = 475;
    private static readonly DateOnly Day = new(2023, 10, 1);

    public static async Task RunAsync(int objects, int rounds)
    {
        (Process server, Uri endpoint) = NullS3.Start(objects, ObjectBytes);
        using (server)
        {
            var credentials = new BasicAWSCredentials("AKIDEXAMPLE", "secret");
            using var s3 = new AmazonS3Client(
                credentials, new AmazonS3Config { ServiceURL = endpoint.ToString(), AuthenticationRegion = "us-east-1", ForcePathStyle = true });
            using var reader = new SignedObjectReader(new SignedObjectReaderOptions { Region = "us-east-1", Endpoint = endpoint, Credentials = credentials });
            var lean = new LogExporter(Options(s3, reader));
            var sdk = new LogExporter(Options(s3, new AmazonS3ObjectReader(s3)));
            await MeasureAsync(lean);
            await MeasureAsync(sdk);

            List<(double Seconds, double Cpu)> leanRuns = [], sdkRuns = [];
            for (int i = 0; i < rounds; i++)
            {
                leanRuns.Add(await MeasureAsync(lean));
                sdkRuns.Add(await MeasureAsync(sdk));
            }

            server.StandardInput.Close();
            Print(objects, rounds, leanRuns, sdkRuns);
        }
    }

    private static void Print(int objects, int rounds, List<(double Seconds, double Cpu)> lean, List<(double Seconds, double Cpu)> sdk)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{objects} objects of {ObjectBytes} B, medians of {rounds} exports each"));
        Console.WriteLine("| | objects/s | us CPU an object |\n|---|---:|---:|");
        foreach ((string name, List<(double Seconds, double Cpu)> runs) in new[] { ("lean GET", lean), ("IAmazonS3.GetObjectAsync", sdk) })
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"| {name} | {objects / Median(runs.Select(r => r.Seconds)):N0} | {Median(runs.Select(r => r.Cpu)) * 1e6 / objects:N0} |"));
        }

        IEnumerable<double> ratios = lean.Zip(sdk, (l, s) => s.Seconds / l.Seconds);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"ratio of the rates, median of the rounds' own: {Median(ratios):0.00}"));
    }

    private static LogExporterOptions Options(AmazonS3Client s3, ILogObjectReader reader) => new()
    {
        S3 = s3,
        Reader = reader,
        Bucket = Bucket,
        Profile = DeflateProfile.Fast,
        Layout = new LogLayout(new LogCategory { Name = "telemetry", Prefix = "telemetry/{identifier}/{yyyy}/{MM}/{dd}/" }),
    };

    private static async Task<(double Seconds, double Cpu)> MeasureAsync(LogExporter exporter)
    {
        GC.Collect();
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        long start = TimeProvider.System.GetTimestamp();
        await exporter.ExportAsync(new LogExportRequest { Identifier = "THING00001", Categories = ["telemetry"], Date = Day });
        return (TimeProvider.System.GetElapsedTime(start).TotalSeconds, (Environment.CpuUsage.TotalTime - cpu).TotalSeconds);
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
