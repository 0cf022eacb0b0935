using IotOps.Archive.Fetching;
using IotOps.Archive.Tests.Exporting;
using IotOps.Archive.Uploading;
using IotOps.Aws;
using Microsoft.Extensions.Logging.Abstractions;

namespace IotOps.Archive.Tests.Uploading;

public sealed class BucketClientTests : IAsyncLifetime
{
    private LogBucket _logs = null!;

    public async ValueTask InitializeAsync() => _logs = await LogBucket.StartAsync();

    public ValueTask DisposeAsync() => _logs.DisposeAsync();

    [Fact]
    public async Task Parts_beyond_the_first_page_of_a_thousand_are_listed_too()
    {
        var bucket = new BucketClient(_logs.S3, LogBucket.Name, new Retries(AwsRetryOptions.None, TimeProvider.System, NullLogger.Instance, () => 0));
        string uploadId = await bucket.CreateUploadAsync("large.zip", "application/zip", CancellationToken.None);
        using var part = new PartBuffer(Path.GetTempPath(), expected: 1);
        await part.AppendAsync(new byte[1], CancellationToken.None);
        await Parallel.ForEachAsync(
            Enumerable.Range(1, 1_001),
            async (number, cancel) => await bucket.UploadPartAsync("large.zip", uploadId, number, part, cancel));

        IReadOnlyList<UploadedPart>? parts = await bucket.ListPartsAsync("large.zip", uploadId, CancellationToken.None);

        parts!.Select(p => p.Number).ShouldBe(Enumerable.Range(1, 1_001));
        await bucket.AbortAllAsync("large.zip", CancellationToken.None);
        (await bucket.ListPartsAsync("large.zip", uploadId, CancellationToken.None)).ShouldBeNull();
    }
}
