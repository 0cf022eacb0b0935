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

    [Fact]
    public async Task Versions_markers_tags_and_settings_of_a_bucket_outlive_an_end_without_warning()
    {
        // Started beside the first, which has had no chance to write anything at its end.
        await using AwsEmulator killed = await StartAsync();
        killed.S3.CreateBucket("bucket");
        using var first = new S3Client(killed, _clock);
        await first.PutAsync("bucket/k", [1], ("x-amz-tagging", "b=2&a=1"));
        killed.S3.EnableVersioning("bucket");
        string second = (await first.PutAsync("bucket/k", [2])).Header("x-amz-version-id")!;
        string gone = (await first.PutAsync("bucket/k", [3])).Header("x-amz-version-id")!;
        await first.SendAsync(HttpMethod.Delete, $"bucket/k?versionId={gone}", [], []);
        string marker = (await first.SendAsync(HttpMethod.Delete, "bucket/k", [], [])).Header("x-amz-version-id")!;
        await first.PutAsync("bucket/k?tagging&versionId=" + second, "<Tagging><TagSet><Tag><Key>late</Key><Value>v</Value></Tag></TagSet></Tagging>"u8.ToArray());
        await first.PutAsync("bucket?versioning", "<VersioningConfiguration><Status>Suspended</Status></VersioningConfiguration>"u8.ToArray());
        await first.PutAsync("bucket?lifecycle", S3.LifecycleTests.Abort, ("Content-MD5", S3Client.Md5(S3.LifecycleTests.Abort)));
        string before = (await first.GetAsync("bucket?versions")).Xml!.ToString();

        await using AwsEmulator after = await StartAsync();
        using var s3 = new S3Client(after, _clock);
        (await s3.GetAsync("bucket?versions")).Xml!.ToString().ShouldBe(before);
        S3Reply hidden = await s3.GetAsync("bucket/k");
        (hidden.Status, hidden.Header("x-amz-version-id")).ShouldBe((404, marker));
        (await s3.GetAsync("bucket/k?versionId=" + second)).Body.ShouldBe([2]);
        (await s3.GetAsync("bucket/k?tagging&versionId=" + second)).Text("Key").ShouldBe("late");
        (await s3.GetAsync("bucket/k?tagging&versionId=null")).Texts("Key").ShouldBe(["b", "a"]);
        (await s3.GetAsync("bucket?versioning")).Text("Status").ShouldBe("Suspended");
        (await s3.GetAsync("bucket?lifecycle")).Text("DaysAfterInitiation").ShouldBe("7");
        (await s3.SendAsync(HttpMethod.Head, "bucket/k?versionId=null", [], [("x-amz-checksum-mode", "ENABLED")])).Header("x-amz-checksum-crc64nvme").ShouldNotBeNull();
        await s3.PutAsync("bucket/k", [4]);
        (await after.S3.FindVersionsAsync("bucket", "k")).Select(v => v.Content[0]).ShouldBe([4, 2], "the newest is on top, and the null version was replaced");
        Directory.GetFiles(_directory["s3/blobs"]).Length.ShouldBe(2);
    }

    [Fact]
    public async Task Checksums_of_parts_outlive_a_restart()
    {
        await using (AwsEmulator first = await StartAsync())
        {
            first.S3.CreateBucket("bucket");
            using var client = new S3Client(first, _clock);
            string id = (await client.SendAsync(HttpMethod.Post, "bucket/k?uploads", [], [("x-amz-checksum-algorithm", "CRC32")])).Text("UploadId")!;
            S3Reply part = await client.PutAsync($"bucket/k?partNumber=1&uploadId={id}", "123456789"u8.ToArray(), ("x-amz-checksum-crc32", "y/Q5Jg=="));
            string complete = $"<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>{part.ETag}</ETag><ChecksumCRC32>y/Q5Jg==</ChecksumCRC32></Part></CompleteMultipartUpload>";
            (await client.SendAsync(HttpMethod.Post, $"bucket/k?uploadId={id}", System.Text.Encoding.UTF8.GetBytes(complete), [])).Status.ShouldBe(200);
        }

        await using AwsEmulator second = await StartAsync();
        using var s3 = new S3Client(second, _clock);
        (await s3.SendAsync(HttpMethod.Head, "bucket/k?partNumber=1", [], [("x-amz-checksum-mode", "ENABLED")])).Header("x-amz-checksum-crc32").ShouldBe("y/Q5Jg==");
    }

    [Fact]
    public async Task What_a_former_version_of_the_emulator_kept_is_read()
    {
        await using (AwsEmulator first = await StartAsync())
        {
            first.S3.CreateBucket("bucket");
            using var s3 = new S3Client(first, _clock);
            await s3.PutAsync("bucket/k", [1]);
        }

        // As it was written before there were versions, tags and settings.
        string file = Directory.GetFiles(_directory["s3/buckets/bucket"], "*.object").ShouldHaveSingleItem();
        string blob = Path.GetFileName(Directory.GetFiles(_directory["s3/blobs"]).ShouldHaveSingleItem());
        await File.WriteAllTextAsync(file, $$"""{"key":"k","blob":"{{blob}}","etag":"\"e\"","lastModified":"2026-01-01T00:00:00+00:00","headers":{},"parts":[]}""");
        await File.WriteAllTextAsync(_directory["s3/buckets/bucket/bucket.json"], """{"region":"us-east-1","createdAt":"2026-01-01T00:00:00+00:00"}""");

        await using AwsEmulator second = await StartAsync();
        using var client = new S3Client(second, _clock);
        S3Reply read = await client.GetAsync("bucket/k", ("x-amz-checksum-mode", "ENABLED"));
        (read.Body[0], read.Header("x-amz-version-id"), read.Header("x-amz-checksum-crc64nvme")).ShouldBe(((byte)1, null, null));
        (await client.PutAsync("bucket/copy", [], ("x-amz-copy-source", "bucket/k"))).Text("ChecksumCRC64NVME").ShouldNotBeNull();
    }

    public void Dispose() => _directory.Dispose();

    private Task<AwsEmulator> StartAsync() =>
        AwsEmulator.StartAsync(new EmulatorOptions { TimeProvider = _clock, DataDirectory = _directory.Path });
}
