using IotOps.Emulator.Checksums;

namespace IotOps.Emulator.Tests.S3;

/// <summary>What S3 demands of checksums besides that they are right.</summary>
public sealed class ChecksumRuleTests : S3TestBase
{
    private static readonly byte[] Content = "123456789"u8.ToArray();

    [Fact]
    public async Task Deleting_many_wants_a_checksum_of_the_list()
    {
        await Bare.PutAsync("bucket/k", [1]);
        byte[] list = "<Delete><Object><Key>k</Key></Object></Delete>"u8.ToArray();

        S3Reply without = await Bare.SendAsync(HttpMethod.Post, "bucket?delete", list, []);
        (without.Status, without.Code).ShouldBe((400, "InvalidRequest"));
        without.Message.ShouldBe("Missing required header for this request: Content-MD5 OR x-amz-checksum-*");
        (await StoredAsync("k")).ShouldBe([1]);

        (await Bare.SendAsync(HttpMethod.Post, "bucket?delete", list, [("x-amz-checksum-sha256", Sum("sha256", list))])).Status.ShouldBe(200);
        (await StoredAsync("k")).ShouldBeNull();
    }

    [Fact]
    public async Task An_algorithm_that_is_named_must_come_with_its_value()
    {
        S3Reply none = await Bare.PutAsync("bucket/k", Content, ("x-amz-sdk-checksum-algorithm", "SHA256"));
        (none.Status, none.Code).ShouldBe((400, "InvalidRequest"));
        S3Reply other = await Bare.PutAsync("bucket/k", Content, ("x-amz-sdk-checksum-algorithm", "SHA256"), ("x-amz-checksum-crc32", Sum("crc32", Content)));
        (other.Status, other.Code).ShouldBe((400, "InvalidRequest"));
        (await StoredAsync("k")).ShouldBeNull();

        (await Bare.PutAsync("bucket/k", Content, ("x-amz-sdk-checksum-algorithm", "SHA256"), ("x-amz-checksum-sha256", Sum("sha256", Content)))).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Two_checksums_at_once_are_too_many()
    {
        S3Reply reply = await Bare.PutAsync(
            "bucket/k", Content, ("x-amz-checksum-crc32", Sum("crc32", Content)), ("x-amz-checksum-sha256", Sum("sha256", Content)));

        (reply.Status, reply.Code).ShouldBe((400, "InvalidRequest"));
        reply.Message.ShouldBe("Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.");
    }

    [Theory]
    [InlineData("x-amz-checksum-crc32", "no base64")]
    [InlineData("x-amz-checksum-crc32", "AAAA")]
    [InlineData("x-amz-checksum-sha256", "AAAAAA==")]
    public async Task A_value_that_is_no_checksum_is_told_so(string header, string value)
    {
        S3Reply reply = await Bare.PutAsync("bucket/k", Content, (header, value));

        (reply.Status, reply.Code, reply.Message).ShouldBe((400, "InvalidRequest", $"Value for {header} header is invalid."));
    }

    [Fact]
    public async Task A_trailer_of_a_kind_that_is_not_there_is_refused()
    {
        S3Reply reply = await Bare.PutChunkedAsync(
            "bucket/k", Content.Length, "STREAMING-UNSIGNED-PAYLOAD-TRAILER", "x-amz-checksum-foo", f => f.Unsigned(Content).Unsigned([]).Raw("x-amz-checksum-foo:AAAA\r\n").End());

        (reply.Status, reply.Code).ShouldBe((400, "InvalidRequest"));
        (await StoredAsync("k")).ShouldBeNull();
    }

    private static string Sum(string algorithm, byte[] data)
    {
        using var checksum = Checksum.Create(algorithm);
        checksum.Append(data);
        return Convert.ToBase64String(checksum.Finish());
    }
}
