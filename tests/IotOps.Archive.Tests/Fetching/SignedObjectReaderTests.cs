using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Amazon.Runtime;
using IotOps.Aws;
using IotOps.TestKit;

namespace IotOps.Archive.Tests.Fetching;

/// <summary>The lean GET and what S3 may answer to it, one attempt at a time.</summary>
public sealed class SignedObjectReaderTests
{
    private static readonly LogObject Object = new("dev-iot-logs", "telemetry/THING00001/2023/10/01/a b", Size: 6, "\"e1\"");

    private readonly ManualTimeProvider _time = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_body_is_asked_for_as_it_was_listed_and_signed()
    {
        StubHttpHandler s3 = Answering(() => Body("abcdef"));

        (await ReadAsync(s3, offset: 0)).ShouldBe("abcdef");

        RecordedRequest asked = s3.Requests.ShouldHaveSingleItem();
        asked.Message.RequestUri!.AbsoluteUri.ShouldBe("https://dev-iot-logs.s3.eu-west-1.amazonaws.com/telemetry/THING00001/2023/10/01/a%20b");
        asked.Header("If-Match").ShouldBe("\"e1\"");
        asked.Header("Range").ShouldBeNull();
        asked.Header("X-Amz-Security-Token").ShouldBe("token");
        asked.Header("Authorization")!.ShouldStartWith("AWS4-HMAC-SHA256 Credential=AKID/");
        asked.Header("Authorization")!.ShouldContain("/eu-west-1/s3/aws4_request, SignedHeaders=host;if-match;x-amz-content-sha256;x-amz-date;x-amz-security-token, ");
    }

    [Fact]
    public async Task The_rest_of_a_body_is_asked_for_by_its_range()
    {
        StubHttpHandler s3 = Answering(() => Body("def", HttpStatusCode.PartialContent));

        (await ReadAsync(s3, offset: 3)).ShouldBe("def");

        s3.Requests[0].Header("Range").ShouldBe("bytes=3-");
    }

    [Fact]
    public async Task An_answer_that_ignores_the_range_is_not_taken_for_the_rest()
    {
        AwsException failure = await FailureAsync(Answering(() => Body("abcdef")), offset: 3);

        failure.Code.ShouldBe("RangeIgnored");
    }

    [Theory]
    [InlineData(12)]
    [InlineData(-20)]
    public async Task A_clock_that_is_off_is_corrected_for_the_next_attempt(int minutes)
    {
        DateTimeOffset service = _time.GetUtcNow().AddMinutes(minutes);
        var answers = new Queue<HttpResponseMessage>([Refusal(HttpStatusCode.Forbidden, "RequestTimeTooSkewed", answer => answer.Headers.Date = service), Body("abcdef")]);
        StubHttpHandler s3 = Answering(answers.Dequeue);
        using SignedObjectReader reader = Reader(s3);

        AwsException failure = await Should.ThrowAsync<AwsException>(() => reader.OpenAsync(Object, 0, Cancel));
        await using Stream body = await reader.OpenAsync(Object, 0, Cancel);

        (failure.Code, failure.IsTransient).ShouldBe(("RequestTimeTooSkewed", true));
        Dates(s3).ShouldBe([_time.GetUtcNow(), service]);
    }

    [Fact]
    public async Task A_refusal_for_another_reason_leaves_a_clock_that_is_right_alone()
    {
        StubHttpHandler s3 = Answering(() => Refusal(HttpStatusCode.Forbidden, "AccessDenied", answer => answer.Headers.Date = _time.GetUtcNow().AddMinutes(3)));
        using SignedObjectReader reader = Reader(s3);

        AwsException failure = await Should.ThrowAsync<AwsException>(() => reader.OpenAsync(Object, 0, Cancel));
        await Should.ThrowAsync<AwsException>(() => reader.OpenAsync(Object, 0, Cancel));

        (failure.Code, failure.IsTransient).ShouldBe(("AccessDenied", false));
        failure.Message.ShouldContain("needs s3:GetObject");
        Dates(s3).ShouldBe([_time.GetUtcNow(), _time.GetUtcNow()]);
    }

    [Theory]
    [InlineData(HttpStatusCode.MovedPermanently, "PermanentRedirect")]
    [InlineData(HttpStatusCode.TemporaryRedirect, "TemporaryRedirect")]
    public async Task A_redirect_is_not_followed_with_a_signature_for_elsewhere(HttpStatusCode status, string code)
    {
        StubHttpHandler s3 = Answering(() => Refusal(status, code, answer =>
        {
            answer.Headers.Location = new Uri("https://dev-iot-logs.s3.us-west-2.amazonaws.com/");
            answer.Headers.TryAddWithoutValidation("x-amz-bucket-region", "us-west-2");
        }));

        AwsException failure = await FailureAsync(s3);

        (failure.Code, failure.IsTransient).ShouldBe((code, false));
        failure.Message.ShouldContain("The bucket is in another region, us-west-2: set that one.");
        s3.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Keys_that_have_expired_are_asked_for_again_at_the_next_attempt()
    {
        var answers = new Queue<HttpResponseMessage>([Refusal(HttpStatusCode.BadRequest, "ExpiredToken"), Body("abcdef")]);
        StubHttpHandler s3 = Answering(answers.Dequeue);
        using SignedObjectReader reader = Reader(s3, new Renewed());

        AwsException failure = await Should.ThrowAsync<AwsException>(() => reader.OpenAsync(Object, 0, Cancel));
        await using Stream body = await reader.OpenAsync(Object, 0, Cancel);

        (failure.Code, failure.IsTransient).ShouldBe(("ExpiredToken", true));
        s3.Requests.Select(request => request.Header("Authorization")!.Split('/')[0]).ShouldBe(["AWS4-HMAC-SHA256 Credential=AKID1", "AWS4-HMAC-SHA256 Credential=AKID2"]);
        s3.Requests.Select(request => request.Header("X-Amz-Security-Token")).ShouldBe(["token1", "token2"]);
    }

    [Theory]
    [InlineData(HttpStatusCode.ServiceUnavailable, "SlowDown")]
    [InlineData(HttpStatusCode.TooManyRequests, "TooManyRequests")]
    [InlineData(HttpStatusCode.InternalServerError, "InternalError")]
    public async Task Throttling_may_be_tried_again_when_S3_says(HttpStatusCode status, string code)
    {
        AwsException failure = await FailureAsync(Answering(() => Refusal(status, code, answer =>
        {
            answer.Headers.RetryAfter = new RetryConditionHeaderValue(TimeSpan.FromSeconds(7));
            answer.Headers.TryAddWithoutValidation("x-amz-request-id", "R1");
        })));

        (failure.Code, failure.IsTransient, failure.RetryAfter, failure.RequestId, failure.StatusCode).ShouldBe((code, true, TimeSpan.FromSeconds(7), "R1", status));
    }

    [Theory]
    [InlineData(HttpStatusCode.NotFound, "NoSuchKey", "It was deleted after it was listed.")]
    [InlineData(HttpStatusCode.PreconditionFailed, "PreconditionFailed", "It was overwritten after it was listed.")]
    [InlineData(HttpStatusCode.Forbidden, "InvalidObjectState", "restore it first")]
    public async Task What_became_of_the_object_is_told(HttpStatusCode status, string code, string told)
    {
        AwsException failure = await FailureAsync(Answering(() => Refusal(status, code)));

        (failure.Code, failure.IsTransient).ShouldBe((code, false));
        failure.Message.ShouldContain("s3://dev-iot-logs/telemetry/THING00001/2023/10/01/a b");
        failure.Message.ShouldContain(told);
    }

    [Theory]
    [InlineData(HttpStatusCode.NotFound, "NoSuchKey", false)]
    [InlineData(HttpStatusCode.BadGateway, "Http502", true)]
    public async Task An_answer_that_is_no_XML_is_told_by_its_status(HttpStatusCode status, string code, bool isTransient)
    {
        AwsException failure = await FailureAsync(Answering(() => Body($"<html>{new string('x', 100_000)}", status)));

        (failure.Code, failure.IsTransient).ShouldBe((code, isTransient));
        failure.Message.Length.ShouldBeLessThan(500);
    }

    [Fact]
    public async Task A_network_that_fails_may_be_tried_again()
    {
        AwsException failure = await FailureAsync(Answering(() => throw new HttpRequestException("refused", new IOException("no route"))));

        (failure.Code, failure.IsTransient).ShouldBe(("NetworkError", true));
        failure.Message.ShouldContain("no route");
    }

    [Fact]
    public async Task Keys_that_cannot_be_had_send_nothing()
    {
        StubHttpHandler s3 = Answering(() => Body("abcdef"));
        using SignedObjectReader reader = Reader(s3, new Refused());

        AwsException failure = await Should.ThrowAsync<AwsException>(() => reader.OpenAsync(Object, 0, Cancel));

        (failure.Code, failure.IsTransient, s3.Requests.Count).ShouldBe(("NoCredentials", false, 0));
        failure.Message.ShouldContain("the role may not be taken");
    }

    [Fact]
    public async Task A_caller_that_gives_up_is_not_told_of_a_failure()
    {
        using var given = new CancellationTokenSource();
        StubHttpHandler s3 = Answering(() => Body("abcdef"));
        using SignedObjectReader reader = Reader(s3);
        await given.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => reader.OpenAsync(Object, 0, given.Token));

        s3.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_transport_of_the_callers_outlives_the_reader()
    {
        StubHttpHandler s3 = Answering(() => Body("abcdef"));
        Reader(s3).Dispose();

        (await ReadAsync(s3, offset: 0)).ShouldBe("abcdef");
    }

    private static StubHttpHandler Answering(Func<HttpResponseMessage> answer) => new(_ => answer());

    private static HttpResponseMessage Body(string text, HttpStatusCode status = HttpStatusCode.OK) => new(status) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(text)) };

    private static HttpResponseMessage Refusal(HttpStatusCode status, string code, Action<HttpResponseMessage>? more = null)
    {
        HttpResponseMessage answer = Body($"<Error><Code>{code}</Code><Message>as it is</Message></Error>", status);
        more?.Invoke(answer);
        return answer;
    }

    private static IEnumerable<DateTimeOffset> Dates(StubHttpHandler s3) => s3.Requests.Select(request => DateTimeOffset.ParseExact(
        request.Header("X-Amz-Date")!, "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal));

    private SignedObjectReader Reader(StubHttpHandler s3, AWSCredentials? credentials = null) => new(new SignedObjectReaderOptions
    {
        Region = "eu-west-1",
        Endpoint = new Uri("https://s3.eu-west-1.amazonaws.com"),
        Credentials = credentials ?? new SessionAWSCredentials("AKID", "secret", "token"),
        Transport = s3,
        TimeProvider = _time,
    });

    private async Task<string> ReadAsync(StubHttpHandler s3, long offset)
    {
        using SignedObjectReader reader = Reader(s3);
        using var text = new StreamReader(await reader.OpenAsync(Object, offset, Cancel));
        return await text.ReadToEndAsync(Cancel);
    }

    private async Task<AwsException> FailureAsync(StubHttpHandler s3, long offset = 0)
    {
        using SignedObjectReader reader = Reader(s3);
        return await Should.ThrowAsync<AwsException>(() => reader.OpenAsync(Object, offset, Cancel));
    }

    // Keys that are others at each look, as a provider's are that renews them.
    private sealed class Renewed : AWSCredentials
    {
        private int _times;

        public override ImmutableCredentials GetCredentials()
        {
            int times = ++_times;
            return new ImmutableCredentials($"AKID{times}", "secret", $"token{times}");
        }
    }

    private sealed class Refused : AWSCredentials
    {
        public override ImmutableCredentials GetCredentials() => throw new AmazonClientException("the role may not be taken");
    }
}
