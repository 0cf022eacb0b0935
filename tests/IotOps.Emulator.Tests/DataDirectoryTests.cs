using IotOps.TestKit;

namespace IotOps.Emulator.Tests;

public sealed class DataDirectoryTests : IDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly ManualTimeProvider _clock = new();

    [Fact]
    public async Task Objects_and_events_outlive_a_restart()
    {
        long now = _clock.GetUtcNow().ToUnixTimeMilliseconds();
        await using (AwsEmulator first = await StartAsync())
        {
            first.S3.CreateBucket("bucket");
            first.Logs.CreateGroup("/aws-like/g#1");
            first.Logs.CreateStream("/aws-like/g#1", "s");
            first.Logs.CreateStream("/aws-like/g#1", "deleted");
            first.Logs.DeleteStream("/aws-like/g#1", "deleted");
            using var s3 = new S3Client(first, _clock);
            using var logs = new LogsClient(first, _clock);
            await s3.PutAsync("bucket/a/b", [1, 2, 3], ("x-amz-meta-thing", "t"));
            await s3.PutAsync("bucket/a/b", [4, 5, 6, 7], ("x-amz-meta-thing", "u"));
            await s3.PutAsync("bucket/gone", [9]);
            first.S3.Delete("bucket", "gone");
            await logs.PutAsync("/aws-like/g#1", "s", (now, "one \"quoted\" \u00e4"), (now + 1, "two"));
            await logs.CallAsync("PutRetentionPolicy", """{"logGroupName":"/aws-like/g#1","retentionInDays":7}""");
        }

        await using AwsEmulator second = await StartAsync();
        ReceivedObject stored = (await second.S3.FindAsync("bucket", "a/b")).ShouldNotBeNull();
        stored.Content.ShouldBe([4, 5, 6, 7]);
        stored.Headers["x-amz-meta-thing"].ShouldBe("u");
        second.S3.Keys("bucket").ShouldBe(["a/b"]);
        Directory.GetFiles(_directory["s3/blobs"]).ShouldHaveSingleItem();
        second.Logs.Events("/aws-like/g#1", "s").Select(e => e.Message).ShouldBe(["one \"quoted\" \u00e4", "two"]);
        second.Logs.Streams("/aws-like/g#1").ShouldBe(["s"]);
        second.Logs.RetentionInDays("/aws-like/g#1").ShouldBe(7);
        second.Logs.AcceptedEvents.ShouldBe(0);
    }

    [Fact]
    public async Task A_batch_torn_by_a_kill_is_left_out_and_writing_goes_on()
    {
        long now = _clock.GetUtcNow().ToUnixTimeMilliseconds();
        await using (AwsEmulator first = await StartAsync())
        {
            first.Logs.CreateGroup("g");
            first.Logs.CreateStream("g", "s");
            using var logs = new LogsClient(first, _clock);
            await logs.PutAsync("g", "s", (now, "kept"));
        }

        string file = Directory.GetFiles(_directory["logs"], "*.stream", SearchOption.AllDirectories).ShouldHaveSingleItem();
        await File.AppendAllTextAsync(file, """{"ingestion":1,"events":[[1,"to""");

        await using (AwsEmulator second = await StartAsync())
        {
            using var logs = new LogsClient(second, _clock);
            await logs.PutAsync("g", "s", (now, "after"));
            second.Logs.Events("g", "s").Select(e => e.Message).ShouldBe(["kept", "after"]);
        }

        await using AwsEmulator third = await StartAsync();
        third.Logs.Events("g", "s").Select(e => e.Message).ShouldBe(["kept", "after"]);
    }

    [Fact]
    public async Task A_multipart_upload_ends_in_one_file()
    {
        await using AwsEmulator emulator = await StartAsync();
        emulator.S3.CreateBucket("bucket");
        using var s3 = new S3Client(emulator, _clock);
        S3Reply begun = await s3.SendAsync(HttpMethod.Post, "bucket/k?uploads", [], []);
        string id = begun.Xml!.Elements().Single(e => e.Name.LocalName == "UploadId").Value;
        S3Reply part = await s3.PutAsync($"bucket/k?partNumber=1&uploadId={id}", [1, 2]);
        string complete = $"<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>{part.ETag}</ETag></Part></CompleteMultipartUpload>";
        S3Reply done = await s3.SendAsync(HttpMethod.Post, $"bucket/k?uploadId={id}", System.Text.Encoding.UTF8.GetBytes(complete), []);

        done.Status.ShouldBe(200);
        (await emulator.S3.FindAsync("bucket", "k"))!.Content.ShouldBe([1, 2]);
        Directory.GetFiles(_directory["s3/blobs"]).ShouldHaveSingleItem();
    }

    public void Dispose() => _directory.Dispose();

    private Task<AwsEmulator> StartAsync() =>
        AwsEmulator.StartAsync(new EmulatorOptions { TimeProvider = _clock, DataDirectory = _directory.Path });
}
