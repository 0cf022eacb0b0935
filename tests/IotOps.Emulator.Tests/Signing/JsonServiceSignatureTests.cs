namespace IotOps.Emulator.Tests.Signing;

public sealed class JsonServiceSignatureTests : LogsTestBase
{
    private static readonly byte[] Body = "{}"u8.ToArray();

    [Fact]
    public async Task A_wrong_secret_does_not_match()
    {
        Client.Signer = new TestSigner(Emulator.AccessKeyId, "not the secret", "eu-central-1", "logs");

        LogsAnswer answer = await Client.CallAsync("DescribeLogGroups", "{}");

        (answer.Status, answer.Code).ShouldBe((400, "InvalidSignatureException"));
        answer.Message!.ShouldStartWith("The request signature we calculated does not match the signature you provided.");
    }

    [Fact]
    public async Task An_unknown_key_is_unrecognized()
    {
        Client.Signer = new TestSigner("AKIAUNKNOWN", Emulator.SecretAccessKey, "eu-central-1", "logs");

        (await Client.CallAsync("DescribeLogGroups", "{}")).Code.ShouldBe("UnrecognizedClientException");
    }

    [Fact]
    public async Task No_signature_at_all_is_a_missing_token() =>
        (await Client.CallAsync("DescribeLogGroups", Body, r => r.Headers.Remove("Authorization"))).Code.ShouldBe("MissingAuthenticationTokenException");

    [Fact]
    public async Task A_body_changed_on_the_way_does_not_match() =>
        (await Client.CallAsync("DescribeLogGroups", Body, r => r.Content = new ByteArrayContent("{ }"u8.ToArray()))).Code.ShouldBe("InvalidSignatureException");

    [Fact]
    public async Task A_header_changed_on_the_way_does_not_match() =>
        (await Client.CallAsync("DescribeLogGroups", Body, r =>
        {
            r.Headers.Remove("X-Amz-Target");
            r.Headers.TryAddWithoutValidation("X-Amz-Target", "Logs_20140328.DeleteLogGroup");
        })).Code.ShouldBe("InvalidSignatureException");

    [Theory]
    [InlineData(300, null)]
    [InlineData(-300, null)]
    [InlineData(301, "Signature not yet current: 20231001T120501Z is still later than 20231001T120500Z (20231001T120000Z + 5 min.)")]
    [InlineData(-301, "Signature expired: 20231001T115459Z is now earlier than 20231001T115500Z (20231001T120000Z - 5 min.)")]
    public async Task Five_minutes_of_skew_are_allowed_and_not_a_second_more(int seconds, string? message)
    {
        Client.Skew = TimeSpan.FromSeconds(seconds);

        LogsAnswer answer = await Client.CallAsync("DescribeLogGroups", "{}");

        answer.Code.ShouldBe(message is null ? null : "InvalidSignatureException");
        answer.Message.ShouldBe(message);
        Client.LastResponse!.Headers.Date.ShouldBe(Clock.GetUtcNow());
    }

    [Theory]
    [InlineData("Basic dXNlcg==")]
    [InlineData("AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE")]
    [InlineData("AWS4-HMAC-SHA256 Credential=a/b/c, SignedHeaders=host, Signature=0")]
    public async Task An_authorization_that_cannot_be_read_is_incomplete(string authorization) =>
        (await Client.CallAsync("DescribeLogGroups", Body, r =>
        {
            r.Headers.Remove("Authorization");
            r.Headers.TryAddWithoutValidation("Authorization", authorization);
        })).Code.ShouldBe("IncompleteSignatureException");
}
