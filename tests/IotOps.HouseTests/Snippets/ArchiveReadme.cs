using Amazon.Runtime;
using Amazon.S3;
using IotOps.Archive;

namespace IotOps.HouseTests.Snippets;

/// <summary>The code of src/IotOps.Archive/README.md.</summary>
internal static class ArchiveReadme
{
    public static async Task<string> Zip(
        Stream output, DateTimeOffset lastWrite, ReadOnlyMemory<byte> plain, Stream gzipObject, CancellationToken stop)
    {
        await using var zip = new ZipStreamWriter(output, new ZipStreamWriterOptions { Profile = DeflateProfile.Fast });
        string name = zip.OpenEntry("telemetry_20231001.log", lastWrite); // made safe, numbered when taken
        await zip.WriteAsync(plain, stop);
        await zip.AppendGzipAsync(gzipObject, cancellationToken: stop); // its deflate blocks as they are
        await zip.CloseEntryAsync(stop);
        await zip.CompleteAsync(stop);
        return name;
    }

    public static async Task Resume(ZipStreamWriter zip, Stream rest, CancellationToken stop)
    {
        ZipCheckpoint checkpoint = await zip.CheckpointAsync(stop); // all of it is on the output
        byte[] kept = checkpoint.ToJson();

        // Later, in another process: the output begins behind the first BytesWritten bytes.
        await using var resumed = new ZipStreamWriter(rest, ZipCheckpoint.FromJson(kept));
    }

    public static async Task Export(
        IAmazonS3 s3, AWSCredentials credentials, string jobId, IProgress<LogExportProgress> progress, CancellationToken stop)
    {
        var layout = new LogLayout(
            new LogCategory
            {
                Name = "telemetry", // as Amazon Data Firehose writes: all devices together, folders by time of delivery
                Prefix = "telemetry/{yyyy}/{MM}/{dd}/{HH}/",
                Identifier = "thingName",
                Time = "timestamp",
                DeliveryDelay = TimeSpan.FromHours(1),
            },
            new LogCategory { Name = "command", Aliases = ["commands"], Prefix = "commands/{identifier}/{yyyy}/{MM}/{dd}/" },
            new LogCategory { Name = "rule", Prefix = "{category}/{identifier}/" }); // an IoT rule: objects named after milliseconds

        using var reader = new SignedObjectReader(new SignedObjectReaderOptions { Region = "eu-west-1", Credentials = credentials });
        var exporter = new LogExporter(new LogExporterOptions
        {
            S3 = s3,
            Reader = reader,
            Credentials = credentials,
            Bucket = "dev-iot-logs",
            Layout = layout,
        });
        LogExportResult result = await exporter.ExportAsync(
            new LogExportRequest { Identifier = "THING00001", Categories = ["telemetry", "commands"], Date = new DateOnly(2023, 10, 1), Id = jobId },
            progress,
            stop);
        Console.WriteLine(result.Url is null ? result.Message : $"{result.Message} {result.Url.AbsoluteUri} (until {result.ExpiresAt:u})");
    }

    public static async Task<(ExportJob?, LogExportResult?)> Jobs(LogExporter exporter, LogExportRequest request, CancellationToken stop)
    {
        using var jobs = new BatchExportJobs(new BatchExportJobsOptions { Region = "eu-west-1", JobQueue = "slack", JobDefinition = "iot-log-export" });
        ExportJob job = await jobs.SubmitAsync(request, stop); // once for each request.Id: a job that waits, runs or is done is the answer
        ExportJob? now = await jobs.FindAsync(request.Id!, stop);
        LogExportResult? made = await exporter.FindAsync(request.Id!, stop); // a new link to what it made
        return (now, made);
    }
}
