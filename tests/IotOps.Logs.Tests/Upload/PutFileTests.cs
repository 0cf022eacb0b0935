using IotOps.Aws;
using IotOps.Emulator;
using IotOps.TestKit;

namespace IotOps.Logs.Tests.Upload;

public sealed class PutFileTests : UploadFixture
{
    [Fact]
    public async Task What_has_no_size_or_is_no_file_is_refused_before_anything_is_sent()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux has /proc.");
        (await Should.ThrowAsync<IOException>(() => PutAsync("/proc/meminfo"))).Message.ShouldContain("copy");
        (await Should.ThrowAsync<IOException>(() => PutAsync("/dev/null"))).Message.ShouldContain("no regular file");
        using (var made = System.Diagnostics.Process.Start("mkfifo", Directory["pipe"]))
        {
            await made.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        (await Should.ThrowAsync<IOException>(() => PutAsync(Directory["pipe"]))).Message.ShouldContain("no regular file");
        (await Emulator.S3.FindAsync(Bucket, "a/key")).ShouldBeNull();
    }

    // Who may write to the directory could make an uploader of more rights read a file for him.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_link_of_another_owner_than_its_file_is_refused_before_anything_is_sent(bool hostsFileSystem)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Only root can make files of other users.");
        string path = Directory["shared/link"];
        System.IO.Directory.CreateDirectory(Directory["shared"]);
        UnixModes.Set(Directory["shared"], "777");
        System.IO.File.CreateSymbolicLink(path, File(10));
        UnixModes.Own(path, 65534);
        using var uploader = new S3Uploader(hostsFileSystem ? Options with { FileSystem = new FaultyFileSystem() } : Options);

        IOException refused = await Should.ThrowAsync<IOException>(
            () => uploader.PutFileAsync("us-east-1", Bucket, "a/key", path, TestContext.Current.CancellationToken));

        refused.Message.ShouldContain("is not uploaded: the link link -> ");
        Emulator.S3.Keys(Bucket).ShouldBeEmpty();
        UnixModes.Own(path, 0);
        await uploader.PutFileAsync("us-east-1", Bucket, "a/key", path, TestContext.Current.CancellationToken);
        await ShouldHoldAsync(path);
    }

    private const int ThreeParts = 12 << 20;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(6 << 20)]
    public async Task A_file_up_to_the_limit_goes_in_one_request(int bytes)
    {
        string path = File(bytes);

        S3UploaderResult result = await PutAsync(path);

        (result.Bytes, result.Parts).ShouldBe((bytes, 1));
        result.ETag.ShouldStartWith("\"");
        await ShouldHoldAsync(path);
    }

    [Fact]
    public async Task A_longer_file_goes_in_parts()
    {
        string path = File(ThreeParts);

        S3UploaderResult result = await PutAsync(path);

        (result.Bytes, result.Parts).ShouldBe((ThreeParts, 3));
        result.ETag.ShouldEndWith("-3\"");
        await ShouldHoldAsync(path);
    }

    [Theory]
    [InlineData("plain.txt")]
    [InlineData("a b/ü 漢/x+y=z&q?#%41.log")]
    [InlineData("a//b/./c/../d")]
    [InlineData("/leading/and/trailing/")]
    public async Task Any_key_is_taken_as_it_is(string key)
    {
        string path = File(10);

        await PutAsync(path, key);

        Emulator.S3.Keys(Bucket).ShouldBe([key]);
    }

    [Fact]
    public async Task Faults_of_the_service_are_ridden_out_part_by_part()
    {
        string path = File(ThreeParts);
        Emulator.Faults.Add(new Fault { Operation = "UploadPart", Status = 503, Code = "SlowDown", Times = 2 });
        Emulator.Faults.Add(new Fault { Operation = "UploadPart", DropAfterAccepting = true, Times = 1 });
        Emulator.Faults.Add(new Fault { Operation = "CreateMultipartUpload", Status = 500, Times = 1 });

        await PutAsync(path);

        await ShouldHoldAsync(path);
    }

    [Fact]
    public async Task A_completion_whose_answer_is_lost_counts()
    {
        string path = File(ThreeParts);
        Emulator.Faults.Add(new Fault { Operation = "CompleteMultipartUpload", DropAfterAccepting = true, Times = 1 });

        S3UploaderResult result = await PutAsync(path);

        result.ETag.ShouldEndWith("-3\"");
        await ShouldHoldAsync(path);
    }

    [Fact]
    public async Task A_refused_part_fails_the_upload_and_leaves_nothing_behind()
    {
        Emulator.Faults.Add(new Fault { Operation = "UploadPart", Status = 403, Code = "AccessDenied" });

        AwsException refusal = await Should.ThrowAsync<AwsException>(() => PutAsync(File(ThreeParts)));

        (refusal.Operation, refusal.Code).ShouldBe(("UploadPart", "AccessDenied"));
        Emulator.S3.UploadsUnderWay(Bucket).ShouldBe(0);
        Emulator.S3.Keys(Bucket).ShouldBeEmpty();
    }

    [Fact]
    public async Task Cancelling_leaves_nothing_behind()
    {
        using var cancel = new CancellationTokenSource();
        Emulator.Faults.Add(new Fault
        {
            Operation = "UploadPart",
            When = _ =>
            {
                cancel.Cancel();
                return true;
            },
            Status = 503,
        });

        await Should.ThrowAsync<OperationCanceledException>(() => PutAsync(File(ThreeParts), cancellationToken: cancel.Token));

        Emulator.S3.UploadsUnderWay(Bucket).ShouldBe(0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_file_that_changes_meanwhile_is_not_stored(bool longer)
    {
        string path = File(ThreeParts);
        Emulator.Faults.Add(new Fault
        {
            Operation = "CreateMultipartUpload",
            When = _ =>
            {
                using FileStream file = System.IO.File.OpenWrite(path);
                file.SetLength(ThreeParts + (longer ? 1 : -1));
                return false;
            },
        });

        IOException failure = await Should.ThrowAsync<IOException>(() => PutAsync(path));

        failure.Message.ShouldContain(path);
        failure.Message.ShouldContain("changed while it was uploaded");
        Emulator.S3.UploadsUnderWay(Bucket).ShouldBe(0);
        Emulator.S3.Keys(Bucket).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(ThreeParts, "CreateMultipartUpload")]
    [InlineData(5_000, "PutObject")]
    public async Task A_file_that_grows_is_stored_as_it_was_when_that_was_asked_for(int bytes, string operation)
    {
        string path = File(bytes);
        byte[] before = await System.IO.File.ReadAllBytesAsync(path);
        WhileUploading(operation, () => System.IO.File.AppendAllText(path, "more"));

        S3UploaderResult stored = await PutAsync(path, new S3UploaderPutOptions { MayGrow = true });

        stored.Bytes.ShouldBe(bytes);
        (await Emulator.S3.FindAsync(Bucket, "a/key"))!.Content.AsSpan().SequenceEqual(before).ShouldBeTrue();
    }

    [Fact]
    public async Task The_first_bytes_of_a_file_that_grows_are_stored()
    {
        string path = File(ThreeParts);
        byte[] before = await System.IO.File.ReadAllBytesAsync(path);
        WhileUploading("PutObject", () => System.IO.File.AppendAllText(path, "more"));

        (await PutAsync(path, new S3UploaderPutOptions { MaxBytes = 1000 })).Bytes.ShouldBe(1000);
        (await PutAsync(path, new S3UploaderPutOptions { MaxBytes = 0 })).Bytes.ShouldBe(0);
        (await PutAsync(path, new S3UploaderPutOptions { MaxBytes = 1000 })).Bytes.ShouldBe(1000);

        (await Emulator.S3.FindAsync(Bucket, "a/key"))!.Content.AsSpan().SequenceEqual(before.AsSpan(0, 1000)).ShouldBeTrue();
        (await Should.ThrowAsync<ArgumentException>(() => PutAsync(path, new S3UploaderPutOptions { MaxBytes = -1 }))).Message.ShouldContain("MaxBytes");
    }

    [Theory]
    [InlineData("truncated")]
    [InlineData("replaced")]
    [InlineData("written over")]
    public async Task A_file_that_does_more_than_grow_is_refused_all_the_same(string how)
    {
        string path = File(ThreeParts);
        WhileUploading("CreateMultipartUpload", () =>
        {
            switch (how)
            {
                case "truncated":
                    System.IO.File.WriteAllText(path, "");
                    break;
                case "replaced":
                    System.IO.File.Copy(path, path + ".new");
                    System.IO.File.AppendAllText(path + ".new", "more");
                    System.IO.File.Move(path + ".new", path, overwrite: true);
                    break;
                default:
                    System.IO.File.WriteAllBytes(path, new byte[ThreeParts + 1]);
                    break;
            }
        });

        (await Should.ThrowAsync<IOException>(() => PutAsync(path, new S3UploaderPutOptions { MayGrow = true }))).Message.ShouldContain("changed while");
        Emulator.S3.Keys(Bucket).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_missing_file_is_named()
    {
        (await Should.ThrowAsync<FileNotFoundException>(() => PutAsync(Directory["none"]))).Message.ShouldContain("none");
    }

    [Fact]
    public async Task A_missing_bucket_says_so()
    {
        AwsException refusal = await Should.ThrowAsync<AwsException>(
            () => Uploader.PutFileAsync("us-east-1", "no-such-bucket", "k", File(1)));

        refusal.Code.ShouldBe("NoSuchBucket");
    }

    [Fact]
    public async Task Progress_ends_at_the_files_length_and_goes_back_for_a_part_sent_again()
    {
        Emulator.Faults.Add(new Fault { Operation = "UploadPart", Status = 503, Times = 1 });
        var seen = new List<S3UploaderProgress>();

        await Uploader.PutFileAsync(
            "us-east-1", Bucket, "k", File(ThreeParts), new S3UploaderPutOptions { Progress = new Listener(seen), ContentType = "text/plain" });

        seen.Count.ShouldBeGreaterThan(5);
        seen.ShouldAllBe(p => p.SentBytes >= 0 && p.SentBytes <= ThreeParts && p.TotalBytes == ThreeParts);
        seen.Zip(seen.Skip(1)).ShouldContain(step => step.Second.SentBytes < step.First.SentBytes);
        seen[^1].SentBytes.ShouldBe(ThreeParts);
        (await Emulator.S3.FindAsync(Bucket, "k"))!.Headers["content-type"].ShouldBe("text/plain");
    }

    private Task<S3UploaderResult> PutAsync(string path, S3UploaderPutOptions put) => Uploader.PutFileAsync("us-east-1", Bucket, "a/key", path, put);

    private void WhileUploading(string operation, Action change)
    {
        bool isDone = false;
        Emulator.Faults.Add(new Fault
        {
            Operation = operation,
            When = _ =>
            {
                if (!isDone)
                {
                    isDone = true;
                    change();
                }

                return false;
            },
        });
    }

    private sealed class Listener(List<S3UploaderProgress> seen) : IProgress<S3UploaderProgress>
    {
        public void Report(S3UploaderProgress value) => seen.Add(value);
    }
}
