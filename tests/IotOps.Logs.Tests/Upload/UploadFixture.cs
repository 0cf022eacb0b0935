using Amazon.Runtime;
using IotOps.Aws;
using IotOps.Emulator;
using IotOps.TestKit;

namespace IotOps.Logs.Tests.Upload;

/// <summary>An emulated S3 with one bucket, a directory with files, and an uploader that cuts early.</summary>
public abstract class UploadFixture : IAsyncLifetime
{
    protected const string Bucket = "device-logs";

    private protected AwsEmulator Emulator { get; private set; } = null!;

    private protected TempDirectory Directory { get; } = new();

    private protected S3Uploader Uploader { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Emulator = await AwsEmulator.StartAsync();
        Emulator.S3.CreateBucket(Bucket);
        Uploader = new S3Uploader(Options);
    }

    public async ValueTask DisposeAsync()
    {
        Uploader.Dispose();
        await Emulator.DisposeAsync();
        Directory.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected S3UploaderOptions Options => new()
    {
        Credentials = new BasicAWSCredentials(Emulator.AccessKeyId, Emulator.SecretAccessKey),
        Endpoint = Emulator.Endpoint,
        MultipartAbove = 6 << 20,
        PartBytes = 5 << 20,
        Retry = new AwsRetryOptions { MaxAttempts = 5, BaseDelay = TimeSpan.Zero },
    };

    private protected string File(int bytes)
    {
        byte[] content = new byte[bytes];
        new Random(bytes).NextBytes(content);
        string path = Directory[$"file-{bytes}"];
        System.IO.File.WriteAllBytes(path, content);
        return path;
    }

    private protected Task<S3UploaderResult> PutAsync(string path, string key = "a/key", CancellationToken cancellationToken = default) =>
        Uploader.PutFileAsync("us-east-1", Bucket, key, path, cancellationToken);

    private protected async Task ShouldHoldAsync(string path, string key = "a/key")
    {
        ReceivedObject? stored = await Emulator.S3.FindAsync(Bucket, key);
        byte[] content = await System.IO.File.ReadAllBytesAsync(path);
        stored.ShouldNotBeNull().Content.AsSpan().SequenceEqual(content).ShouldBeTrue();
        Emulator.S3.UploadsUnderWay(Bucket).ShouldBe(0);
    }
}
