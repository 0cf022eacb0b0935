namespace IotOps.Slack.Tests.Verification;

public sealed class HeaderTests
{
    [Theory]
    [InlineData("X-Slack-Request-Timestamp", "X-Slack-Signature")]
    [InlineData("x-slack-request-timestamp", "x-slack-signature")]
    [InlineData("X-SLACK-REQUEST-TIMESTAMP", "X-SLACK-SIGNATURE")]
    public void Names_are_found_in_any_case(string timestamp, string signature) =>
        SlackRequestHeaders.Find([new("host", "h"), new(timestamp, "1"), new(signature, "v0=2")]).ShouldBe(new SlackRequestHeaders("1", "v0=2"));

    [Fact]
    public void A_header_that_comes_twice_counts_as_absent() =>
        SlackRequestHeaders.Find([new("X-Slack-Signature", "a"), new("x-slack-signature", "b"), new("X-Slack-Request-Timestamp", "1")])
            .ShouldBe(new SlackRequestHeaders("1", null));

    [Fact]
    public void Other_headers_are_not_taken_for_them() =>
        SlackRequestHeaders.Find([new("X-Slack-Signature-2", "a"), new("Slack-Request-Timestamp", "1")]).ShouldBe(new SlackRequestHeaders(null, null));

    [Fact]
    public void A_host_is_asked_for_them_by_name() =>
        SlackRequestHeaders.Find(name => name == SlackRequestHeaders.SignatureName ? "v0=1" : null).ShouldBe(new SlackRequestHeaders(null, "v0=1"));
}
