using Amazon.S3;
using Amazon.S3.Model;

namespace IotOps.Emulator.Tests.S3;

/// <summary>Features of S3 beyond bytes and metadata that are kept with an object and given back.</summary>
public sealed class StoredFeatureTests : S3TestBase
{
    [Theory]
    [InlineData("REDUCED_REDUNDANCY")]
    [InlineData("STANDARD_IA")]
    [InlineData("ONEZONE_IA")]
    [InlineData("INTELLIGENT_TIERING")]
    [InlineData("GLACIER_IR")]
    public async Task A_storage_class_is_given_back_and_listed(string storageClass)
    {
        (await Bare.PutAsync("bucket/k", [1], ("x-amz-storage-class", storageClass))).Status.ShouldBe(200);

        (await Bare.GetAsync("bucket/k")).Header("x-amz-storage-class").ShouldBe(storageClass);
        (await Bare.SendAsync(HttpMethod.Head, "bucket/k", [], [])).Header("x-amz-storage-class").ShouldBe(storageClass);
        (await Bare.GetAsync("bucket?list-type=2")).Text("StorageClass").ShouldBe(storageClass);
        (await Bare.GetAsync("bucket")).Text("StorageClass").ShouldBe(storageClass);
    }

    [Fact]
    public async Task The_standard_class_has_no_header_of_its_own()
    {
        await Bare.PutAsync("bucket/k", [1], ("x-amz-storage-class", "STANDARD"));

        (await Bare.GetAsync("bucket/k")).Header("x-amz-storage-class").ShouldBeNull();
        (await Bare.GetAsync("bucket?list-type=2")).Text("StorageClass").ShouldBe("STANDARD");
    }

    [Theory]
    [InlineData("GLACIER")]
    [InlineData("DEEP_ARCHIVE")]
    public async Task An_archived_object_can_be_looked_at_but_neither_read_nor_copied(string storageClass)
    {
        await S3.PutObjectAsync(new PutObjectRequest { BucketName = "bucket", Key = "k", ContentBody = "x", StorageClass = new S3StorageClass(storageClass) });

        (await S3.GetObjectMetadataAsync("bucket", "k")).StorageClass.Value.ShouldBe(storageClass);
        S3Reply read = await Bare.GetAsync("bucket/k");
        (read.Status, read.Code, read.Text("StorageClass")).ShouldBe((403, "InvalidObjectState", storageClass));
        S3Reply copied = await Bare.PutAsync("bucket/copy", [], ("x-amz-copy-source", "bucket/k"));
        (copied.Status, copied.Code).ShouldBe((403, "ObjectNotInActiveTierError"));
        (await StoredAsync("copy")).ShouldBeNull();
    }

    [Theory]
    [InlineData("NOPE")]
    [InlineData("OUTPOSTS")]
    [InlineData("standard")]
    public async Task A_storage_class_that_a_bucket_does_not_have_is_invalid(string storageClass)
    {
        foreach (string path in new[] { "bucket/k", "bucket/k?uploads" })
        {
            S3Reply reply = await Bare.SendAsync(path.EndsWith('k') ? HttpMethod.Put : HttpMethod.Post, path, [], [("x-amz-storage-class", storageClass)]);
            (reply.Status, reply.Code).ShouldBe((400, "InvalidStorageClass"));
        }

        (await StoredAsync("k")).ShouldBeNull();
    }

    [Fact]
    public async Task The_storage_class_of_an_upload_is_that_of_its_object_and_a_copy_has_its_own()
    {
        string id = (await Bare.SendAsync(HttpMethod.Post, "bucket/k?uploads", [], [("x-amz-storage-class", "STANDARD_IA")])).Text("UploadId")!;
        (await Bare.GetAsync("bucket?uploads")).Text("StorageClass").ShouldBe("STANDARD_IA");
        (await Bare.GetAsync($"bucket/k?uploadId={id}")).Text("StorageClass").ShouldBe("STANDARD_IA");
        S3Reply part = await Bare.PutAsync($"bucket/k?partNumber=1&uploadId={id}", [1]);
        await Bare.SendAsync(HttpMethod.Post, $"bucket/k?uploadId={id}", Completion((1, part.ETag!)), []);
        await Bare.PutAsync("bucket/copy", [], ("x-amz-copy-source", "bucket/k"));
        await Bare.PutAsync("bucket/cold", [], ("x-amz-copy-source", "bucket/k"), ("x-amz-storage-class", "GLACIER_IR"));

        (await Bare.GetAsync("bucket/k")).Header("x-amz-storage-class").ShouldBe("STANDARD_IA");
        (await Bare.GetAsync("bucket/copy")).Header("x-amz-storage-class").ShouldBeNull("a copy is STANDARD unless the request names a class");
        (await Bare.GetAsync("bucket/cold")).Header("x-amz-storage-class").ShouldBe("GLACIER_IR");
    }

    [Fact]
    public async Task Every_object_is_said_to_be_encrypted_as_S3_encrypts_by_default()
    {
        S3Reply put = await Bare.PutAsync("bucket/k", [1], ("x-amz-server-side-encryption", "AES256"));
        S3Reply plain = await Bare.PutAsync("bucket/plain", [1]);
        S3Reply begun = await Bare.SendAsync(HttpMethod.Post, "bucket/k?uploads", [], []);
        S3Reply read = await Bare.GetAsync("bucket/plain");

        foreach (S3Reply reply in new[] { put, plain, begun, read })
        {
            reply.Header("x-amz-server-side-encryption").ShouldBe("AES256");
        }
    }

    [Theory]
    [InlineData("123456789012", 200)]
    [InlineData("999999999999", 403)]
    public async Task The_expected_owner_of_a_bucket_is_held_against_the_account(string owner, int status)
    {
        await Bare.PutAsync("bucket/source", [1]);

        (await Bare.PutAsync("bucket/k", [1], ("x-amz-expected-bucket-owner", owner))).Status.ShouldBe(status);
        (await Bare.GetAsync("bucket/source", ("x-amz-expected-bucket-owner", owner))).Status.ShouldBe(status);
        (await Bare.GetAsync("bucket?list-type=2", ("x-amz-expected-bucket-owner", owner))).Status.ShouldBe(status);
        (await Bare.SendAsync(HttpMethod.Post, "bucket/k?uploads", [], [("x-amz-expected-bucket-owner", owner)])).Status.ShouldBe(status);
        S3Reply copy = await Bare.PutAsync("bucket/copy", [], ("x-amz-copy-source", "bucket/source"), ("x-amz-source-expected-bucket-owner", owner));
        copy.Status.ShouldBe(status);
        copy.Code.ShouldBe(status == 403 ? "AccessDenied" : null);
    }

    [Theory]
    [InlineData("private")]
    [InlineData("public-read")]
    [InlineData("NOPE")]
    public async Task A_bucket_takes_no_access_control_list_with_an_object(string acl)
    {
        await Bare.PutAsync("bucket/source", [1]);
        foreach (S3Reply reply in new[]
        {
            await Bare.PutAsync("bucket/k", [1], ("x-amz-acl", acl)),
            await Bare.PutAsync("bucket/k", [], ("x-amz-copy-source", "bucket/source"), ("x-amz-acl", acl)),
            await Bare.SendAsync(HttpMethod.Post, "bucket/k?uploads", [], [("x-amz-acl", acl)]),
        })
        {
            (reply.Status, reply.Code, reply.Message).ShouldBe((400, "AccessControlListNotSupported", "The bucket does not allow ACLs"));
        }

        Emulator.S3.Keys("bucket").ShouldBe(["source"]);
    }

    [Theory]
    [InlineData("private", null)]
    [InlineData("bucket-owner-full-control", null)]
    [InlineData("public-read", "InvalidBucketAclWithObjectOwnership")]
    public async Task A_new_bucket_is_its_owners(string acl, string? code) =>
        (await Bare.PutAsync("new-bucket", [], ("x-amz-acl", acl))).Code.ShouldBe(code);

    [Fact]
    public async Task An_access_control_list_is_the_owners_full_control()
    {
        await Bare.PutAsync("bucket/k", [1], ("x-amz-acl", "bucket-owner-full-control"));

        foreach (string path in new[] { "bucket?acl", "bucket/k?acl" })
        {
            S3Reply reply = await Bare.GetAsync(path);
            (reply.Status, reply.Text("Permission")).ShouldBe((200, "FULL_CONTROL"));
        }

        (await Bare.GetAsync("bucket/none?acl")).Code.ShouldBe("NoSuchKey");
        (await Bare.GetAsync("none-at-all?acl")).Code.ShouldBe("NoSuchBucket");
        (await Amazon.S3.Util.AmazonS3Util.DoesS3BucketExistV2Async(S3, "bucket")).ShouldBeTrue();
        (await Amazon.S3.Util.AmazonS3Util.DoesS3BucketExistV2Async(S3, "none-at-all")).ShouldBeFalse();
    }

    internal static byte[] Completion(params (int Number, string ETag)[] parts) => System.Text.Encoding.UTF8.GetBytes(
        "<CompleteMultipartUpload>" + string.Concat(parts.Select(p => $"<Part><PartNumber>{p.Number}</PartNumber><ETag>{p.ETag}</ETag></Part>")) + "</CompleteMultipartUpload>");
}
