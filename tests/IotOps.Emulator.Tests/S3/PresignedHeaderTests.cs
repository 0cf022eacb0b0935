namespace IotOps.Emulator.Tests.S3;

/// <summary>
/// What a presigned request may bring: a header of AWS's that is not signed could be anybody's.
/// See https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html.
/// </summary>
public sealed class PresignedHeaderTests : S3TestBase
{
    [Theory]
    [InlineData("x-amz-acl", "public-read")]
    [InlineData("x-amz-meta-a", "1")]
    [InlineData("x-amz-storage-class", "STANDARD_IA")]
    [InlineData("x-amz-server-side-encryption", "AES256")]
    [InlineData("x-amz-copy-source", "/bucket/source")]
    public async Task A_header_of_AWS_that_was_not_signed_is_refused_by_its_name(string name, string value)
    {
        await Bare.PutAsync("bucket/source", [9]);

        S3Reply reply = await Bare.SendPresignedAsync(HttpMethod.Put, "bucket/k", [1], unsigned: [(name, value)]);

        (reply.Status, reply.Code, reply.Text("HeadersNotSigned")).ShouldBe((403, "AccessDenied", name));
        reply.Message.ShouldBe("There were headers present in the request which were not signed");
        (await StoredAsync("k")).ShouldBeNull();
    }

    [Fact]
    public async Task All_unsigned_headers_are_named_together()
    {
        S3Reply reply = await Bare.SendPresignedAsync(HttpMethod.Put, "bucket/k", [1], unsigned: [("x-amz-meta-b", "1"), ("x-amz-meta-a", "1")]);

        reply.Text("HeadersNotSigned").ShouldBe("x-amz-meta-a, x-amz-meta-b");
    }

    [Fact]
    public async Task The_hash_of_the_payload_may_come_unsigned_and_a_signed_header_counts()
    {
        S3Reply reply = await Bare.SendPresignedAsync(
            HttpMethod.Put, "bucket/k", [1], signed: [("x-amz-meta-a", "1")], unsigned: [("x-amz-content-sha256", "UNSIGNED-PAYLOAD")]);

        reply.Status.ShouldBe(200, reply.Message);
        (await Emulator.S3.FindAsync("bucket", "k"))!.Headers["x-amz-meta-a"].ShouldBe("1");
    }

    [Fact]
    public async Task A_header_that_was_signed_must_come()
    {
        Uri url = Bare.Signer.Presign(HttpMethod.Put, new Uri(Emulator.Endpoint, "bucket/k"), TimeProvider.System.GetUtcNow(), [("x-amz-meta-a", "1")]);
        using var http = new HttpClient();

        using HttpResponseMessage response = await http.PutAsync(url, new ByteArrayContent([1]));

        ((int)response.StatusCode).ShouldBe(403);
        (await response.Content.ReadAsStringAsync()).ShouldContain("SignatureDoesNotMatch");
    }

    [Fact]
    public async Task Headers_that_stand_in_the_signed_query_count_as_headers()
    {
        S3Reply put = await Bare.SendPresignedAsync(HttpMethod.Put, "bucket/k?x-amz-meta-a=b%20c&x-amz-storage-class=STANDARD_IA", [1]);
        S3Reply refused = await Bare.SendPresignedAsync(HttpMethod.Put, "bucket/other?x-amz-acl=public-read", [1]);

        put.Status.ShouldBe(200, put.Message);
        S3Reply read = await Bare.GetAsync("bucket/k");
        (read.Header("x-amz-meta-a"), read.Header("x-amz-storage-class")).ShouldBe(("b c", "STANDARD_IA"));
        refused.Code.ShouldBe("AccessControlListNotSupported");
    }

    [Fact]
    public async Task Checksums_that_stand_in_the_query_are_let_go()
    {
        // A presigner that hoists them has the checksum of an empty body, and S3 does not hold the body against it.
        S3Reply reply = await Bare.SendPresignedAsync(HttpMethod.Put, "bucket/k?x-amz-checksum-crc32=AAAAAA%3D%3D&x-amz-sdk-checksum-algorithm=CRC32", [1]);

        reply.Status.ShouldBe(200, reply.Message);
    }

    [Theory]
    [InlineData("604801", "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds")]
    [InlineData("-1", "X-Amz-Expires must be non-negative")]
    [InlineData("soon", "X-Amz-Expires should be a number")]
    public async Task A_lifetime_out_of_its_range_is_an_error_of_the_query(string expires, string message)
    {
        Uri url = Bare.Signer.Presign(HttpMethod.Get, new Uri(Emulator.Endpoint, "bucket/k"), TimeProvider.System.GetUtcNow(), [], expires);
        using var http = new HttpClient();

        using HttpResponseMessage response = await http.GetAsync(url);

        ((int)response.StatusCode).ShouldBe(400);
        string body = await response.Content.ReadAsStringAsync();
        body.ShouldContain("<Code>AuthorizationQueryParametersError</Code>");
        body.ShouldContain(message);
    }

    [Fact]
    public async Task A_range_and_a_part_number_do_not_go_together()
    {
        await Bare.PutAsync("bucket/k", [1, 2, 3]);

        S3Reply reply = await Bare.GetAsync("bucket/k?partNumber=1", ("Range", "bytes=0-1"));

        (reply.Status, reply.Code, reply.Message).ShouldBe((400, "InvalidRequest", "Cannot specify both Range header and partNumber query parameter"));
    }

    [Theory]
    [InlineData("0", 400, "InvalidArgument")]
    [InlineData("10001", 400, "InvalidArgument")]
    [InlineData("x", 400, "InvalidArgument")]
    [InlineData("2", 416, "InvalidPartNumber")]
    public async Task A_part_that_is_not_there_is_told_apart_from_one_that_cannot_be(string number, int status, string code)
    {
        await Bare.PutAsync("bucket/k", [1, 2, 3]);

        S3Reply reply = await Bare.GetAsync("bucket/k?partNumber=" + number);

        (reply.Status, reply.Code).ShouldBe((status, code));
    }
}
