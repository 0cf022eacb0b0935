using System.Diagnostics;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using IotOps.Archive;
using IotOps.Emulator;

namespace IotOps.Benchmarks;

/// <summary>
/// Objects a second of one export, small objects, through the lean GET and through <c>IAmazonS3.GetObjectAsync</c>, taking turns; S3 is the emulator in
/// this process, so its work is in both figures.
/// </summary>
internal static class ExportObjects
{
    private const string Bucket = "dev-iot-logs";
    private static readonly DateOnly Day = new(2023, 10, 1);

    public static async Task RunAsync(int objects, int rounds)
    {
        await using AwsEmulator emulator = await AwsEmulator.StartAsync();
        emulator.S3.CreateBucket(Bucket);
        var credentials = new BasicAWSCredentials(emulator.AccessKeyId, emulator.SecretAccessKey);
        using var s3 = new AmazonS3Client(credentials, new AmazonS3Config
        {
            ServiceURL = emulator.Endpoint.ToString(),
            AuthenticationRegion = "us-east-1",
            ForcePathStyle = true,
        });
        await PutAsync(s3, objects);
        using var reader = new SignedObjectReader(new SignedObjectReaderOptions { Region = "us-east-1", Endpoint = emulator.Endpoint, Credentials = credentials });
        var lean = new LogExporter(Options(s3, reader));
        var sdk = new LogExporter(Options(s3, new AmazonS3ObjectReader(s3)));
        await SecondsAsync(lean);
        await SecondsAsync(sdk);

        List<double> leanSeconds = [], sdkSeconds = [];
        for (int i = 0; i < rounds; i++)
        {
            leanSeconds.Add(await SecondsAsync(lean));
            sdkSeconds.Add(await SecondsAsync(sdk));
        }

        double leanRate = objects / Median(leanSeconds), sdkRate = objects / Median(sdkSeconds);
        using var process = Process.GetCurrentProcess();
        Console.WriteLine($"{objects} objects of 475 B, medians of {rounds} exports each");
        Console.WriteLine($"lean GET          {leanRate,10:N0} objects/s");
        Console.WriteLine($"IAmazonS3         {sdkRate,10:N0} objects/s");
        Console.WriteLine($"ratio             {leanRate / sdkRate,10:N2}");
        Console.WriteLine($"peak working set  {process.PeakWorkingSet64 / 1e6,10:N0} MB, the emulator and its objects included");
    }

    private static LogExporterOptions Options(AmazonS3Client s3, ILogObjectReader reader) => new()
    {
        S3 = s3,
        Reader = reader,
        Bucket = Bucket,
        Profile = DeflateProfile.Fast,
        Layout = new LogLayout(new LogCategory { Name = "telemetry", Prefix = "telemetry/{identifier}/{yyyy}/{MM}/{dd}/" }),
    };

    private static async Task<double> SecondsAsync(LogExporter exporter)
    {
        long start = TimeProvider.System.GetTimestamp();
        await exporter.ExportAsync(new LogExportRequest { Identifier = "THING00001", Categories = ["telemetry"], Date = Day });
        return TimeProvider.System.GetElapsedTime(start).TotalSeconds;
    }

    private static async Task PutAsync(AmazonS3Client s3, int objects) => await Parallel.ForEachAsync(
        Enumerable.Range(0, objects),
        new ParallelOptions { MaxDegreeOfParallelism = 16 },
        async (i, cancel) =>
        {
            string record = $$"""{"thingName":"THING00001","timestamp":{{1_696_118_400_000L + (i * 1000L)}},"seq":{{i}},"temperature":{{i % 97 / 4.0}},"text":" """;
            await s3.PutObjectAsync(
                new PutObjectRequest { BucketName = Bucket, Key = $"telemetry/THING00001/2023/10/01/{i:D6}", ContentBody = record.PadRight(472, 'x') + "\"}\n" }, cancel);
        });

    private static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }
}
