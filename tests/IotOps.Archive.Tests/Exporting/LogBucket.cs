using System.Collections.Concurrent;
using System.IO.Compression;
using System.Text;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using IotOps.Aws;
using IotOps.Emulator;
using IotOps.TestKit;

namespace IotOps.Archive.Tests.Exporting;

/// <summary>A bucket of logs in the emulator, and exporters over it.</summary>
internal sealed class LogBucket : IAsyncDisposable
{
    public const string Name = "dev-iot-logs";
    public const string Mine = """{"thingName":"THING00001","timestamp":1696150800000,"v":1}""";
    public const string Other = """{"thingName":"THING00002","timestamp":1696150800000,"v":2}""";

    public static readonly DateOnly Day = new(2023, 10, 1);

    public static readonly LogLayout Layout = new(
        new LogCategory
        {
            Name = "telemetry",
            Prefix = "telemetry/{yyyy}/{MM}/{dd}/{HH}/",
            Identifier = "thingName",
            Time = "timestamp",
            DeliveryDelay = TimeSpan.FromHours(1),
        },
        new LogCategory { Name = "command", Aliases = ["commands"], Prefix = "commands/{identifier}/{yyyy}/{MM}/{dd}/" },
        new LogCategory { Name = "lifecycle", Prefix = "lifecycle/{yyyy}/{MM}/{dd}/{HH}/", Identifier = "clientId", Time = "timestamp", DeliveryDelay = TimeSpan.FromHours(1) },
        new LogCategory { Name = "rule", Prefix = "{category}/{identifier}/" });

    private static readonly ConcurrentDictionary<(int Seed, int Bytes), string> MadeNoise = new();

    private readonly TempDirectory _spool = new();
    private readonly SignedObjectReader _reader;

    private LogBucket(AwsEmulator emulator)
    {
        Emulator = emulator;
        Credentials = new BasicAWSCredentials(emulator.AccessKeyId, emulator.SecretAccessKey);
        S3 = new AmazonS3Client(Credentials, new AmazonS3Config
        {
            ServiceURL = emulator.Endpoint.ToString(),
            AuthenticationRegion = "us-east-1",
            ForcePathStyle = true,
            MaxErrorRetry = 0,
        });
        _reader = new SignedObjectReader(new SignedObjectReaderOptions { Region = "us-east-1", Endpoint = emulator.Endpoint, Credentials = Credentials });
        Options = new LogExporterOptions
        {
            S3 = S3,
            Bucket = Name,
            Layout = Layout,
            Reader = _reader,
            Credentials = Credentials,
            SpoolDirectory = _spool.Path,
            Retry = new AwsRetryOptions { MaxAttempts = 6, BaseDelay = TimeSpan.FromMilliseconds(1), MaxDelay = TimeSpan.FromMilliseconds(5) },
        };
    }

    public AwsEmulator Emulator { get; }

    public AWSCredentials Credentials { get; }

    public AmazonS3Client S3 { get; }

    public LogExporterOptions Options { get; }

    /// <summary>Files that wait on disk.</summary>
    public int Spooled => Directory.GetFiles(_spool.Path).Length;

    public static async Task<LogBucket> StartAsync()
    {
        AwsEmulator emulator = await AwsEmulator.StartAsync();
        emulator.S3.CreateBucket(Name);
        return new LogBucket(emulator);
    }

    public static LogExportRequest Request(params string[] categories) =>
        new() { Identifier = "THING00001", Categories = categories is [] ? ["telemetry"] : categories, Date = Day };

    public static byte[] Gzip(string text)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        return bytes.ToArray();
    }

    /// <summary>Text that deflate can do little with, line by line.</summary>
    public static string Noise(int seed, int bytes) => MadeNoise.GetOrAdd((seed, bytes), MakeNoise);

    private static string MakeNoise((int Seed, int Bytes) wanted)
    {
        (int seed, int bytes) = wanted;
        byte[] random = new byte[bytes * 3 / 4];
        new Random(seed).NextBytes(random);
        return string.Join('\n', Convert.ToBase64String(random).Chunk(900).Select(line => new string(line))) + "\n";
    }

    public Task PutAsync(string key, string content) => PutAsync(key, Encoding.UTF8.GetBytes(content));

    public async Task PutAsync(string key, byte[] content) =>
        await S3.PutObjectAsync(new PutObjectRequest { BucketName = Name, Key = key, InputStream = new MemoryStream(content) });

    public Task<LogExportResult> ExportAsync(LogExportRequest request, Func<LogExporterOptions, LogExporterOptions>? change = null, IProgress<LogExportProgress>? progress = null, CancellationToken cancellationToken = default) =>
        new LogExporter(change?.Invoke(Options) ?? Options).ExportAsync(request, progress, cancellationToken);

    /// <summary>The zip's files, read through the link by a client without credentials.</summary>
    public static async Task<Dictionary<string, string>> ReadAsync(LogExportResult result)
    {
        using var http = new HttpClient();
        using var zip = new ZipArchive(new MemoryStream(await http.GetByteArrayAsync(result.Url)));
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (ZipArchiveEntry entry in zip.Entries)
        {
            using var reader = new StreamReader(entry.Open());
            files.Add(entry.FullName, await reader.ReadToEndAsync());
        }

        return files;
    }

    public async ValueTask DisposeAsync()
    {
        _reader.Dispose();
        S3.Dispose();
        await Emulator.DisposeAsync();
        _spool.Dispose();
    }
}
