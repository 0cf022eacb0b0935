using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Amazon.S3.Transfer;
using Amazon.S3.Util;
using IotOps.Emulator;
using IotOps.TestKit;

namespace IotOps.InteropTests.Emulator;

/// <summary>What programs do with S3 through AWS's SDK for .NET, call after call.</summary>
public sealed class AwsSdkSuiteTests : IAsyncLifetime
{
    private AwsEmulator _emulator = null!;
    private AmazonS3Client _s3 = null!;

    public async ValueTask InitializeAsync()
    {
        _emulator = await AwsEmulator.StartAsync();
        _s3 = new AmazonS3Client(
            new BasicAWSCredentials(_emulator.AccessKeyId, _emulator.SecretAccessKey),
            new AmazonS3Config { ServiceURL = _emulator.Endpoint.ToString(), AuthenticationRegion = "us-east-1", ForcePathStyle = true });
        await _s3.PutBucketAsync("bucket");
    }

    public async ValueTask DisposeAsync()
    {
        _s3.Dispose();
        await _emulator.DisposeAsync();
    }

    [Fact]
    public async Task Directories_go_up_and_come_down_with_tags_and_checksums()
    {
        using var source = new TempDirectory();
        using var target = new TempDirectory();
        Directory.CreateDirectory(source["sub"]);
        await File.WriteAllTextAsync(source["one.txt"], "one");
        await File.WriteAllBytesAsync(source["sub/big.bin"], new byte[12_000_000]);
        using var transfer = new TransferUtility(_s3, new TransferUtilityConfig { MinSizeBeforePartUpload = 5 << 20 });

        (await AmazonS3Util.DoesS3BucketExistV2Async(_s3, "bucket")).ShouldBeTrue();
        await transfer.UploadDirectoryAsync(new TransferUtilityUploadDirectoryRequest
        {
            BucketName = "bucket",
            Directory = source.Path,
            KeyPrefix = "dir",
            SearchOption = SearchOption.AllDirectories,
            SearchPattern = "*",
            TagSet = [new Tag { Key = "site", Value = "north" }],
        });
        await transfer.DownloadDirectoryAsync("bucket", "dir", target.Path);

        (await _emulator.S3.FindAsync("bucket", "dir/sub/big.bin"))!.Tags["site"].ShouldBe("north");
        (await File.ReadAllTextAsync(target["one.txt"])).ShouldBe("one");
        new FileInfo(target["sub/big.bin"]).Length.ShouldBe(12_000_000);
        GetObjectAttributesResponse big = await _s3.GetObjectAttributesAsync(new GetObjectAttributesRequest
        {
            BucketName = "bucket",
            Key = "dir/sub/big.bin",
            ObjectAttributes = [ObjectAttributes.ObjectParts, ObjectAttributes.ObjectSize, ObjectAttributes.Checksum],
        });
        (big.ObjectSize, big.ObjectParts.TotalPartsCount > 1).ShouldBe((12_000_000, true));
    }

    [Fact]
    public async Task An_upload_of_a_stream_of_unknown_length_and_one_by_hand_are_whole()
    {
        byte[] content = new byte[11 << 20];
        new Random(3).NextBytes(content);
        using var transfer = new TransferUtility(_s3);
        await transfer.UploadAsync(new TransferUtilityUploadRequest { BucketName = "bucket", Key = "stream", InputStream = new OneWayStream(content), PartSize = 5 << 20 });
        InitiateMultipartUploadResponse begun = await _s3.InitiateMultipartUploadAsync("bucket", "by hand");
        UploadPartResponse part = await _s3.UploadPartAsync(new UploadPartRequest
        {
            BucketName = "bucket",
            Key = "by hand",
            UploadId = begun.UploadId,
            PartNumber = 1,
            InputStream = new MemoryStream(content),
        });
        await _s3.CompleteMultipartUploadAsync(new CompleteMultipartUploadRequest { BucketName = "bucket", Key = "by hand", UploadId = begun.UploadId, PartETags = [new PartETag(1, part.ETag)] });

        (await _emulator.S3.FindAsync("bucket", "stream"))!.Content.AsSpan().SequenceEqual(content).ShouldBeTrue();
        (await _emulator.S3.FindAsync("bucket", "by hand"))!.Content.AsSpan().SequenceEqual(content).ShouldBeTrue();
        GetObjectMetadataResponse head = await _s3.GetObjectMetadataAsync(new GetObjectMetadataRequest { BucketName = "bucket", Key = "by hand", ChecksumMode = ChecksumMode.ENABLED });
        (head.ChecksumType, head.ChecksumCRC64NVME is null).ShouldBe((ChecksumType.FULL_OBJECT, false));
    }

    [Fact]
    public async Task Versions_are_listed_read_restored_and_cleaned_up_by_pages()
    {
        await _s3.PutBucketVersioningAsync(new PutBucketVersioningRequest { BucketName = "bucket", VersioningConfig = new() { Status = VersionStatus.Enabled } });
        string[] ids = [await PutAsync("one"), await PutAsync("two"), await PutAsync("three")];
        (await _s3.DeleteObjectAsync("bucket", "k")).DeleteMarker.ShouldBe("true");

        using (GetObjectResponse first = await _s3.GetObjectAsync("bucket", "k", ids[0]))
        {
            (first.VersionId, await new StreamReader(first.ResponseStream).ReadToEndAsync()).ShouldBe((ids[0], "one"));
        }

        CopyObjectResponse restored = await _s3.CopyObjectAsync(new CopyObjectRequest { SourceBucket = "bucket", SourceKey = "k", SourceVersionId = ids[1], DestinationBucket = "bucket", DestinationKey = "k" });
        restored.SourceVersionId.ShouldBe(ids[1]);
        ListVersionsResponse listed = await _s3.ListVersionsAsync(new ListVersionsRequest { BucketName = "bucket" });
        listed.Versions.Select(v => v.VersionId).ShouldBe([restored.VersionId, listed.Versions[1].VersionId, ids[2], ids[1], ids[0]]);
        listed.Versions[1].IsDeleteMarker.ShouldBe(true);

        await AmazonS3Util.DeleteS3BucketWithObjectsAsync(_s3, "bucket");
        _emulator.S3.Buckets.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_lock_is_taken_refused_and_released_at_once()
    {
        var put = new PutObjectRequest { BucketName = "bucket", Key = "lock", ContentBody = "me", IfNoneMatch = "*" };
        string etag = (await _s3.PutObjectAsync(put)).ETag;

        (await Should.ThrowAsync<AmazonS3Exception>(() => _s3.PutObjectAsync(put))).ErrorCode.ShouldBe("PreconditionFailed");
        await _s3.PutObjectAsync(new PutObjectRequest { BucketName = "bucket", Key = "other", ContentBody = "x" });
        (await Should.ThrowAsync<AmazonS3Exception>(() => _s3.DeleteObjectAsync(new DeleteObjectRequest { BucketName = "bucket", Key = "lock", IfMatch = "\"other\"" })))
            .ErrorCode.ShouldBe("PreconditionFailed");
        await _s3.DeleteObjectAsync(new DeleteObjectRequest { BucketName = "bucket", Key = "lock", IfMatch = etag });

        _emulator.S3.Keys("bucket").ShouldBe(["other"]);
    }

    private async Task<string> PutAsync(string content) =>
        (await _s3.PutObjectAsync(new PutObjectRequest { BucketName = "bucket", Key = "k", ContentBody = content })).VersionId;

    /// <summary>Bytes that cannot be gone back in, of which nobody says how many there are.</summary>
    private sealed class OneWayStream(byte[] content) : Stream
    {
        private readonly MemoryStream _content = new(content);

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => _content.Read(buffer, offset, count);

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
