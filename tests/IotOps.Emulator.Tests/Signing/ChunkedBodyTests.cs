using System.Text;
using IotOps.Emulator.Checksums;

namespace IotOps.Emulator.Tests.Signing;

public sealed class ChunkedBodyTests : S3TestBase
{
    private const string Signed = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD";
    private const string SignedWithTrailer = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER";
    private const string UnsignedWithTrailer = "STREAMING-UNSIGNED-PAYLOAD-TRAILER";
    private static readonly byte[] First = Bytes(8_192);
    private static readonly byte[] Last = "the end"u8.ToArray();
    private static readonly byte[] Whole = [.. First, .. Last];

    [Fact]
    public async Task Signed_chunks_are_put_together()
    {
        S3Reply reply = await Bare.PutChunkedAsync("bucket/k", Whole.Length, Signed, null, f => f.Signed(First).Signed(Last).Signed([]).End());

        reply.Status.ShouldBe(200, reply.Code);
        (await StoredAsync("k")).ShouldBe(Whole);
    }

    [Theory]
    [InlineData("crc32")]
    [InlineData("crc32c")]
    [InlineData("crc64nvme")]
    [InlineData("sha1")]
    [InlineData("sha256")]
    public async Task A_signed_trailer_carries_any_checksum(string algorithm)
    {
        string name = $"x-amz-checksum-{algorithm}";
        S3Reply reply = await Bare.PutChunkedAsync(
            "bucket/k", Whole.Length, SignedWithTrailer, name, f => f.Signed(First).Signed(Last).Signed([]).SignedTrailer(name, Sum(algorithm)).End());

        reply.Status.ShouldBe(200, reply.Code);
        (await StoredAsync("k")).ShouldBe(Whole);
    }

    [Fact]
    public async Task An_unsigned_trailer_is_checked_against_the_bytes()
    {
        (await PutUnsignedAsync(Sum("crc32"))).Status.ShouldBe(200);
        S3Reply wrong = await PutUnsignedAsync("AAAAAA==");

        (wrong.Status, wrong.Code).ShouldBe((400, "BadDigest"));

        Task<S3Reply> PutUnsignedAsync(string sum) => Bare.PutChunkedAsync(
            "bucket/k", Whole.Length, UnsignedWithTrailer, "x-amz-checksum-crc32", f => f.Unsigned(First).Unsigned(Last).Unsigned([]).Raw($"x-amz-checksum-crc32:{sum}\r\n").End());
    }

    [Fact]
    public async Task A_chunk_changed_on_the_way_does_not_match_and_leaves_nothing()
    {
        S3Reply reply = await Bare.PutChunkedAsync("bucket/k", Whole.Length, Signed, null, f =>
        {
            byte[] body = f.Signed(First).Signed(Last).Signed([]).End();
            body[200] ^= 1;
            return body;
        });

        (reply.Status, reply.Code).ShouldBe((403, "SignatureDoesNotMatch"));
        (await StoredAsync("k")).ShouldBeNull();
    }

    [Fact]
    public async Task Chunks_in_another_order_do_not_match()
    {
        byte[] second = Bytes(8_193)[1..];
        S3Reply reply = await Bare.PutChunkedAsync("bucket/k", First.Length * 2, Signed, null, f =>
        {
            byte[] body = f.Signed(First).Signed(second).Signed([]).End();
            int chunk = $"2000;chunk-signature={new string('0', 64)}\r\n".Length + First.Length + 2;
            return [.. body[chunk..(2 * chunk)], .. body[..chunk], .. body[(2 * chunk)..]];
        });

        reply.Code.ShouldBe("SignatureDoesNotMatch");
    }

    [Fact]
    public async Task A_trailer_changed_on_the_way_does_not_match()
    {
        S3Reply reply = await Bare.PutChunkedAsync("bucket/k", Last.Length, SignedWithTrailer, "x-amz-checksum-crc32", f =>
        {
            string body = Encoding.Latin1.GetString(f.Signed(Last).Signed([]).SignedTrailer("x-amz-checksum-crc32", "AAAAAA==").End());
            return Encoding.Latin1.GetBytes(body.Replace("AAAAAA==", "BBBBBB==", StringComparison.Ordinal));
        });

        reply.Code.ShouldBe("SignatureDoesNotMatch");
    }

    [Fact]
    public async Task A_trailer_without_its_signature_does_not_match() =>
        (await Bare.PutChunkedAsync(
            "bucket/k", Last.Length, SignedWithTrailer, "x-amz-checksum-crc32", f => f.Signed(Last).Signed([]).Raw("x-amz-checksum-crc32:AAAAAA==\r\n").End()))
            .Code.ShouldBe("SignatureDoesNotMatch");

    [Fact]
    public async Task An_announced_trailer_must_come() =>
        (await Bare.PutChunkedAsync("bucket/k", Last.Length, UnsignedWithTrailer, "x-amz-checksum-crc32", f => f.Unsigned(Last).Unsigned([]).End()))
            .Code.ShouldBe("MalformedTrailerError");

    [Fact]
    public async Task A_chunk_without_a_signature_does_not_match() =>
        (await Bare.PutChunkedAsync("bucket/k", Last.Length, Signed, null, f => f.Unsigned(Last).Signed([]).End())).Code.ShouldBe("SignatureDoesNotMatch");

    [Fact]
    public async Task The_decoded_length_must_be_the_one_announced() =>
        (await Bare.PutChunkedAsync("bucket/k", Last.Length + 1, Signed, null, f => f.Signed(Last).Signed([]).End())).Code.ShouldBe("IncompleteBody");

    [Fact]
    public async Task A_body_that_ends_without_its_last_chunk_is_incomplete() =>
        (await Bare.PutChunkedAsync("bucket/k", Last.Length, Signed, null, f => f.Signed(Last).End())).Code.ShouldBe("IncompleteBody");

    [Fact]
    public async Task Only_the_last_chunk_may_be_small() =>
        (await Bare.PutChunkedAsync("bucket/k", Last.Length + First.Length, Signed, null, f => f.Signed(Last).Signed(First).Signed([]).End()))
            .Code.ShouldBe("InvalidChunkSizeError");

    private static string Sum(string algorithm)
    {
        using var checksum = Checksum.Create(algorithm);
        checksum.Append(Whole);
        return Convert.ToBase64String(checksum.Finish());
    }
}
