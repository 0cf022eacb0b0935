using System.Text;
using IotOps.SlackExport.Lambda;
using IotOps.Slack;

namespace IotOps.SlackExport.Tests.Lambda;

public sealed class FunctionUrlEventTests
{
    [Fact]
    public void Format_2_is_read_with_its_base64_body_and_lower_case_headers()
    {
        FunctionUrlEvent read = Parse(
            """
            {"version":"2.0","routeKey":"$default","rawPath":"/slack/iot-log","rawQueryString":"",
             "headers":{"x-slack-signature":"v0=ab","x-slack-request-timestamp":"1696161600"},
             "requestContext":{"accountId":"anonymous","http":{"method":"POST","path":"/slack/iot-log","protocol":"HTTP/1.1"}},
             "body":"dGV4dD3DqSUyMA==","isBase64Encoded":true}
            """);

        read.Method.ShouldBe("POST");
        read.Path.ShouldBe("/slack/iot-log");
        Encoding.UTF8.GetString(read.Body).ShouldBe("text=é%20");
        SlackRequestHeaders.Find(read.Headers).ShouldBe(new SlackRequestHeaders("1696161600", "v0=ab"));
    }

    [Fact]
    public void Format_1_is_read_with_its_plain_body_and_headers_in_any_case()
    {
        FunctionUrlEvent read = Parse(
            """
            {"version":"1.0","httpMethod":"POST","path":"/slack/iot-log",
             "headers":{"X-SLACK-SIGNATURE":"v0=ab"},
             "multiValueHeaders":{"X-SLACK-SIGNATURE":["v0=ab"],"X-Slack-Request-Timestamp":["1696161600"]},
             "body":"text=x","isBase64Encoded":false}
            """);

        Encoding.UTF8.GetString(read.Body).ShouldBe("text=x");
        SlackRequestHeaders.Find(read.Headers).ShouldBe(new SlackRequestHeaders("1696161600", "v0=ab"));
    }

    [Fact]
    public void A_signature_that_came_twice_counts_as_absent()
    {
        FunctionUrlEvent read = Parse("""{"httpMethod":"POST","multiValueHeaders":{"x-slack-signature":["v0=ab","v0=cd"]},"body":null}""");

        SlackRequestHeaders.Find(read.Headers).Signature.ShouldBeNull();
        read.Body.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("""{"Records":[{"eventSource":"aws:s3"}]}""")]
    [InlineData("""{"httpMethod":"POST","body":"%%%","isBase64Encoded":true}""")]
    [InlineData("""{"httpMethod":"\ud800","body":""}""")]
    public void An_event_that_is_not_an_HTTP_request_is_refused(string json) => Should.Throw<FormatException>(() => Parse(json));

    private static FunctionUrlEvent Parse(string json) => FunctionUrlEvent.Parse(Encoding.UTF8.GetBytes(json));
}
