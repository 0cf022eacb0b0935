using System.Net;
using System.Text;
using IotOps.Aws.Calls;

namespace IotOps.Aws.Tests.Calls;

public sealed class ErrorTests
{
    [Theory]
    [InlineData(400, null, """{"__type":"com.amazonaws.logs#ThrottlingException","message":"Rate exceeded"}""", "ThrottlingException", "Rate exceeded")]
    [InlineData(400, null, """{"__type":"ResourceNotFoundException","Message":"gone"}""", "ResourceNotFoundException", "gone")]
    [InlineData(400, null, """{"code":"Conflict","nested":{"code":"x"},"message":"m"}""", "Conflict", "m")]
    [InlineData(403, "AccessDeniedException:http://internal.amazon.com/coral/", """{"message":"no"}""", "AccessDeniedException", "no")]
    [InlineData(404, null, "<?xml version=\"1.0\"?><Error><Code>NoSuchKey</Code><Message>No key</Message><Key>k</Key></Error>", "NoSuchKey", "No key")]
    [InlineData(400, null, "<ErrorResponse><Error><Type>Sender</Type><Code>ValidationError</Code><Message>bad</Message></Error></ErrorResponse>", "ValidationError", "bad")]
    [InlineData(503, null, "", "ServiceUnavailable", null)]
    [InlineData(404, null, "", "NotFound", null)]
    [InlineData(418, null, "", "Http418", null)]
    [InlineData(502, null, "<html><body>Bad gateway", "BadGateway", null)]
    [InlineData(500, null, "{\"__type\":\"InternalFailure\",\"mess", "InternalFailure", null)]
    [InlineData(500, null, "plain text", "InternalServerError", null)]
    public void Any_spelling_of_an_error_is_read(int status, string? header, string body, string code, string? message)
    {
        var error = AwsErrorBody.Read((HttpStatusCode)status, header, Encoding.UTF8.GetBytes(body));

        error.ShouldBe(new AwsErrorBody(code, message));
    }

    [Theory]
    [InlineData("""{"__type":"Bad\nCode","message":"one\r\n2026-11-29T00:00:00Z fail FORGED \u001b[2J\u0085\u2028end"}""")]
    [InlineData("<Error><Code>Bad\nCode</Code><Message>one\r\n2026-11-29T00:00:00Z fail FORGED \u001b[2J\u0085&#x2028;end</Message></Error>")]
    public void What_a_service_says_begins_no_line_and_moves_no_cursor(string body) =>
        AwsErrorBody.Read(HttpStatusCode.BadRequest, null, Encoding.UTF8.GetBytes(body))
            .ShouldBe(new AwsErrorBody("Bad Code", "one  2026-11-29T00:00:00Z fail FORGED  [2J  end"));

    [Fact]
    public async Task A_refusal_says_who_refused_what_where_and_what_to_do()
    {
        using var fixture = new CallFixture(CallFixture.Error(400, "AccessDeniedException", r => r.Headers.TryAddWithoutValidation("x-amzn-RequestId", "rid-1")));

        AwsException refusal = await Should.ThrowAsync<AwsException>(() => fixture.SendAsync());

        refusal.Message.ShouldBe(
            "logs PutLogEvents in us-east-1 at logs.us-east-1.amazonaws.com was refused with AccessDeniedException (HTTP 400): words. " +
            "Allow logs:PutLogEvents on this resource in the IAM policy of the caller's role.");
        (refusal.Service, refusal.Operation, refusal.RequestId).ShouldBe(("logs", "PutLogEvents", "rid-1"));
    }

    [Fact]
    public async Task No_message_holds_a_credential()
    {
        foreach (string code in (string[])["AccessDeniedException", "ExpiredTokenException", "SignatureDoesNotMatch", "InvalidClientTokenId"])
        {
            using var fixture = new CallFixture(CallFixture.Error(403, code));

            string text = (await Should.ThrowAsync<AwsException>(() => fixture.SendAsync())).ToString();

            text.ShouldNotContain("AKIDEXAMPLE");
            text.ShouldNotContain("wJalrXUtn");
        }
    }
}
