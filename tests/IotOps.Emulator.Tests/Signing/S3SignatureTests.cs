using IotOps.TestKit;

namespace IotOps.Emulator.Tests.Signing;

public sealed class S3SignatureTests : S3TestBase
{
    private readonly ManualTimeProvider _clock = new();

    private protected override EmulatorOptions Options => new() { TimeProvider = _clock };

    [Theory]
    [InlineData(900, 200, null)]
    [InlineData(-900, 200, null)]
    [InlineData(901, 403, "RequestTimeTooSkewed")]
    [InlineData(-901, 403, "RequestTimeTooSkewed")]
    public async Task Fifteen_minutes_of_skew_are_allowed_and_not_a_second_more(int seconds, int status, string? code)
    {
        Bare.Skew = TimeSpan.FromSeconds(seconds);

        S3Reply reply = await Bare.PutAsync("bucket/k", [1]);

        (reply.Status, reply.Code).ShouldBe((status, code));
    }

    [Fact]
    public async Task A_wrong_secret_does_not_match_and_the_answer_tells_what_was_signed()
    {
        Bare.Signer = new TestSigner(Emulator.AccessKeyId, "not the secret", "us-east-1", "s3");

        S3Reply reply = await Bare.GetAsync("bucket/k");

        (reply.Status, reply.Code).ShouldBe((403, "SignatureDoesNotMatch"));
        ((string?)reply.Xml!.Element("StringToSign")).ShouldStartWith("AWS4-HMAC-SHA256\n20231001T120000Z\n20231001/us-east-1/s3/aws4_request\n");
    }

    [Fact]
    public async Task An_unknown_key_is_told_so()
    {
        Bare.Signer = new TestSigner("AKIAUNKNOWN", Emulator.SecretAccessKey, "us-east-1", "s3");

        (await Bare.GetAsync("bucket/k")).Code.ShouldBe("InvalidAccessKeyId");
    }

    [Fact]
    public async Task A_token_that_does_not_belong_to_the_key_is_invalid()
    {
        Bare.Signer = new TestSigner(Emulator.AccessKeyId, Emulator.SecretAccessKey, "us-east-1", "s3") { SessionToken = "some" };

        (await Bare.GetAsync("bucket/k")).Code.ShouldBe("InvalidToken");
    }

    [Fact]
    public async Task A_request_without_a_signature_is_denied() =>
        (await Bare.SendAsync(HttpMethod.Get, "bucket/k", [], [], tamper: r => r.Headers.Remove("Authorization"))).Code.ShouldBe("AccessDenied");

    [Fact]
    public async Task A_body_other_than_the_one_hashed_leaves_nothing()
    {
        S3Reply reply = await Bare.SendAsync(HttpMethod.Put, "bucket/k", [1, 2], [], tamper: r => r.Content = new ByteArrayContent([1, 3]));

        (reply.Status, reply.Code).ShouldBe((400, "XAmzContentSHA256Mismatch"));
        (await StoredAsync("k")).ShouldBeNull();
    }

    [Fact]
    public async Task An_unsigned_payload_may_be_any() =>
        (await Bare.SendAsync(HttpMethod.Put, "bucket/k", [1, 2], [], payloadHash: "UNSIGNED-PAYLOAD", tamper: r => r.Content = new ByteArrayContent([9])))
            .Status.ShouldBe(200);

    [Fact]
    public async Task A_header_of_AWS_that_is_not_signed_is_refused() =>
        (await Bare.SendAsync(HttpMethod.Put, "bucket/k", [1], [], tamper: r => r.Headers.TryAddWithoutValidation("x-amz-meta-added", "later")))
            .Code.ShouldBe("AccessDenied");

    [Fact]
    public async Task Keys_scoped_to_another_service_are_refused()
    {
        Bare.Signer = new TestSigner(Emulator.AccessKeyId, Emulator.SecretAccessKey, "us-east-1", "logs");

        (await Bare.GetAsync("bucket/k")).Code.ShouldBe("AuthorizationHeaderMalformed");
    }

    [Theory]
    [InlineData("bucket/plain")]
    [InlineData("bucket/a%20b")]
    [InlineData("bucket/a%2Bb")]
    [InlineData("bucket/%C3%A4/%F0%9F%9A%80")]
    [InlineData("bucket/a//b")]
    [InlineData("bucket/a=b&c'(d)")]
    public async Task A_path_is_signed_as_it_is(string path)
    {
        // The test signs the path as sent; the emulator decodes it and codes it again, as S3 does.
        string canonical = Uri.EscapeDataString(Uri.UnescapeDataString(path)).Replace("%2F", "/", StringComparison.Ordinal);

        (await Bare.PutAsync(canonical, [1])).Status.ShouldBe(200);
        Emulator.S3.Keys("bucket").ShouldBe([Uri.UnescapeDataString(path)["bucket/".Length..]]);
    }
}
