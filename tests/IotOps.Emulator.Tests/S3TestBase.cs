using Amazon.Runtime;
using Amazon.S3;

namespace IotOps.Emulator.Tests;

/// <summary>An emulator with the bucket "bucket", AWS's own SDK as its client, and a bare client for what the SDK never sends.</summary>
public abstract class S3TestBase : IAsyncLifetime
{
    private protected AwsEmulator Emulator { get; private set; } = null!;

    private protected AmazonS3Client S3 { get; private set; } = null!;

    private protected S3Client Bare { get; private set; } = null!;

    // The SDK reads the machine's clock and nothing else, so its emulator must too.
    private protected virtual EmulatorOptions Options => new();

    public async ValueTask InitializeAsync()
    {
        Emulator = await AwsEmulator.StartAsync(Options);
        Emulator.S3.CreateBucket("bucket");
        S3 = Client(new BasicAWSCredentials(Emulator.AccessKeyId, Emulator.SecretAccessKey));
        Bare = new S3Client(Emulator, Options.TimeProvider);
    }

    public async ValueTask DisposeAsync()
    {
        S3.Dispose();
        Bare.Dispose();
        await Emulator.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected AmazonS3Client Client(AWSCredentials credentials, string region = "us-east-1") => new(credentials, new AmazonS3Config
    {
        ServiceURL = Emulator.Endpoint.ToString(),
        AuthenticationRegion = region,
        ForcePathStyle = true,
        MaxErrorRetry = 0,
    });

    private protected static byte[] Bytes(int count)
    {
        byte[] bytes = new byte[count];
        new Random(count).NextBytes(bytes);
        return bytes;
    }

    private protected async Task<byte[]?> StoredAsync(string key) => (await Emulator.S3.FindAsync("bucket", key))?.Content;
}
