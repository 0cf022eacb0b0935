using System.Net;
using System.Net.Sockets;
using System.Text;
using IotOps.TestKit;

namespace IotOps.Slack.Tests.Posting;

public sealed class ResponseUrlTests : IDisposable
{
    private static readonly Uri Url = new("https://hooks.slack.com/commands/T1/s3cr3t");
    private static readonly SlackResponse Hello = SlackResponse.Ephemeral(new SlackMessage("hello"));
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private readonly ManualTimeProvider _clock = new();
    private readonly SlackStub _slack = new();
    private readonly SlackResponder _responder;

    public ResponseUrlTests() =>
        _responder = new SlackResponder(new SlackResponderOptions { TimeProvider = _clock, Handler = _slack.Handler, Jitter = () => 0.5 });

    [Fact]
    public async Task A_post_is_json_without_credentials()
    {
        SlackPostResult result = await Open().PostAsync(SlackPostKind.Started, Hello);
        result.ShouldBe(new SlackPostResult(SlackPostOutcome.Posted, ""));
        RecordedRequest request = _slack.Handler.Requests.Single();
        request.Message.Method.ShouldBe(HttpMethod.Post);
        request.Message.RequestUri.ShouldBe(Url);
        request.Header("Content-Type").ShouldBe("application/json; charset=utf-8");
        request.Header("Authorization").ShouldBeNull();
        request.Header("Cookie").ShouldBeNull();
        Encoding.UTF8.GetString(request.Body).ShouldBe("""{"response_type":"ephemeral","text":"hello"}""");
    }

    [Theory]
    [InlineData(SlackPostKind.Started, 0, 0, null)]
    [InlineData(SlackPostKind.Progress, 2, 0, null)]
    [InlineData(SlackPostKind.Progress, 3, 0, SlackPostOutcome.KeptForLater)]
    [InlineData(SlackPostKind.Started, 3, 0, SlackPostOutcome.KeptForLater)]
    [InlineData(SlackPostKind.Progress, 0, 28, SlackPostOutcome.KeptForLater)]
    [InlineData(SlackPostKind.Done, 3, 0, null)]
    [InlineData(SlackPostKind.Done, 4, 29, null)]
    [InlineData(SlackPostKind.Error, 4, 29, null)]
    [InlineData(SlackPostKind.StillRunning, 4, 28, null)]
    [InlineData(SlackPostKind.Done, 5, 0, SlackPostOutcome.Expired)]
    [InlineData(SlackPostKind.Error, 5, 0, SlackPostOutcome.Expired)]
    [InlineData(SlackPostKind.Done, 0, 30, SlackPostOutcome.Expired)]
    [InlineData(SlackPostKind.Progress, 5, 0, SlackPostOutcome.Expired)]
    public async Task Five_posts_in_thirty_minutes_have_their_places(SlackPostKind kind, int used, int minutes, SlackPostOutcome? refused)
    {
        SlackResponseUrl url = Open(used);
        _clock.Advance(TimeSpan.FromMinutes(minutes));
        (await url.PostAsync(kind, Hello)).Outcome.ShouldBe(refused ?? SlackPostOutcome.Posted);
        _slack.Handler.Requests.Count.ShouldBe(refused is null ? 1 : 0);
        url.PostsUsed.ShouldBe(refused is null ? used + 1 : used);
    }

    [Fact]
    public async Task Many_at_once_never_make_a_sixth_post()
    {
        SlackResponseUrl url = Open();
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => url.PostAsync(SlackPostKind.Done, Hello))));
        _slack.Handler.Requests.Count.ShouldBe(5);
    }

    [Theory]
    [InlineData("7", 7.5)]
    [InlineData("0", 0.5)]
    [InlineData("3600", 30.5)]
    [InlineData("Sun, 01 Oct 2023 12:00:09 GMT", 9.5)]
    [InlineData("Sun, 01 Oct 2023 11:00:00 GMT", 0.5)]
    [InlineData("Sun, 01 Oct 2023 13:00:00 GMT", 30.5)]
    [InlineData("soon", 1.5)]
    [InlineData(null, 1.5)]
    public async Task A_429_is_waited_for_as_asked_capped_and_with_jitter(string? retryAfter, double seconds)
    {
        _slack.Then(HttpStatusCode.TooManyRequests, retryAfter: retryAfter);
        SlackResponseUrl url = Open();
        Task<SlackPostResult> post = url.PostAsync(SlackPostKind.Done, Hello);
        _clock.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromMilliseconds(1));
        _slack.Handler.Requests.Count.ShouldBe(1);
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        (await post.WaitAsync(Limit)).Outcome.ShouldBe(SlackPostOutcome.Posted);
        _slack.Handler.Requests.Count.ShouldBe(2);
        url.PostsUsed.ShouldBe(1);
    }

    [Fact]
    public async Task A_date_is_measured_by_the_clock_of_the_answer()
    {
        _slack.Then(HttpStatusCode.TooManyRequests, retryAfter: "Sun, 01 Oct 2023 09:00:05 GMT", date: new DateTimeOffset(2023, 10, 1, 9, 0, 0, TimeSpan.Zero));
        Task<SlackPostResult> post = Open().PostAsync(SlackPostKind.Done, Hello);
        _clock.Advance(TimeSpan.FromSeconds(5.4));
        post.IsCompleted.ShouldBeFalse();
        _clock.Advance(TimeSpan.FromSeconds(0.1));
        (await post.WaitAsync(Limit)).IsPosted.ShouldBeTrue();
    }

    [Fact]
    public async Task After_the_retries_a_429_gives_the_post_back()
    {
        for (int i = 0; i < 4; i++)
        {
            _slack.Then(HttpStatusCode.TooManyRequests, retryAfter: "1");
        }

        SlackResponseUrl url = Open();
        Task<SlackPostResult> post = url.PostAsync(SlackPostKind.Done, Hello);
        for (int i = 0; i < 3; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1.5));
        }

        (await post.WaitAsync(Limit)).Outcome.ShouldBe(SlackPostOutcome.RateLimited);
        url.PostsUsed.ShouldBe(0);
    }

    [Fact]
    public async Task Progress_is_not_waited_for()
    {
        _slack.Then(HttpStatusCode.TooManyRequests, retryAfter: "1");
        (await Open().PostAsync(SlackPostKind.Progress, Hello)).Outcome.ShouldBe(SlackPostOutcome.RateLimited);
    }

    [Theory]
    [InlineData(404, "used_url", SlackPostOutcome.Expired, "HTTP 404: used_url")]
    [InlineData(404, "expired_url", SlackPostOutcome.Expired, "HTTP 404: expired_url")]
    [InlineData(410, "", SlackPostOutcome.Expired, "HTTP 410")]
    [InlineData(400, "invalid_payload", SlackPostOutcome.Refused, "HTTP 400: invalid_payload")]
    [InlineData(403, "<html>s3cr3t</html>", SlackPostOutcome.Refused, "HTTP 403")]
    [InlineData(302, "", SlackPostOutcome.Refused, "HTTP 302")]
    [InlineData(500, "", SlackPostOutcome.Failed, "HTTP 500")]
    public async Task A_refusal_is_a_value(int status, string body, SlackPostOutcome outcome, string detail)
    {
        _slack.Then((HttpStatusCode)status, body);
        SlackResponseUrl url = Open();
        (await url.PostAsync(SlackPostKind.Started, Hello)).ShouldBe(new SlackPostResult(outcome, detail));
        url.PostsUsed.ShouldBe(1);
    }

    [Fact]
    public async Task Once_Slack_calls_it_spent_nothing_more_is_sent()
    {
        _slack.Then(HttpStatusCode.NotFound, "used_url");
        SlackResponseUrl url = Open();
        await url.PostAsync(SlackPostKind.Started, Hello);
        (await url.PostAsync(SlackPostKind.Done, Hello)).Outcome.ShouldBe(SlackPostOutcome.Expired);
        _slack.Handler.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_post_that_cannot_have_arrived_does_not_count()
    {
        _slack.ThenThrow(new HttpRequestException(HttpRequestError.NameResolutionError, "hooks.slack.com/s3cr3t"));
        _slack.ThenThrow(new HttpRequestException(HttpRequestError.ResponseEnded));
        SlackResponseUrl url = Open();
        SlackPostResult unsent = await url.PostAsync(SlackPostKind.Started, Hello);
        unsent.Outcome.ShouldBe(SlackPostOutcome.Failed);
        unsent.Detail.ShouldNotContain("s3cr3t");
        url.PostsUsed.ShouldBe(0);
        (await url.PostAsync(SlackPostKind.Started, Hello)).Outcome.ShouldBe(SlackPostOutcome.Failed);
        url.PostsUsed.ShouldBe(1);
    }

    [Fact]
    public async Task A_post_without_an_answer_ends_in_ten_seconds_and_counts()
    {
        using var silent = new SilentHandler();
        using var responder = new SlackResponder(new SlackResponderOptions { TimeProvider = _clock, Handler = silent });
        SlackResponseUrl url = responder.Open(Url, _clock.GetUtcNow());
        Task<SlackPostResult> post = url.PostAsync(SlackPostKind.Done, Hello);
        _clock.Advance(TimeSpan.FromSeconds(10));
        (await post.WaitAsync(Limit)).ShouldBe(new SlackPostResult(SlackPostOutcome.Failed, "No answer within 10 s."));
        url.PostsUsed.ShouldBe(1);
    }

    [Fact]
    public async Task A_cancelled_post_throws_with_the_callers_token()
    {
        using var silent = new SilentHandler();
        using var responder = new SlackResponder(new SlackResponderOptions { TimeProvider = _clock, Handler = silent });
        using var cancel = new CancellationTokenSource();
        Task<SlackPostResult> post = responder.Open(Url, _clock.GetUtcNow()).PostAsync(SlackPostKind.Done, Hello, cancel.Token);
        await cancel.CancelAsync();
        (await Should.ThrowAsync<OperationCanceledException>(post)).CancellationToken.ShouldBe(cancel.Token);
    }

    [Fact]
    public async Task The_responders_own_connection_follows_no_redirect()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        string host = listener.LocalEndpoint.ToString()!;
        using var responder = new SlackResponder(new SlackResponderOptions { AllowedHosts = [host] });
        Task<SlackPostResult> post = responder.Open(new Uri($"http://{host}/a"), TimeProvider.System.GetUtcNow()).PostAsync(SlackPostKind.Done, Hello);
        string request;
        using (TcpClient client = await listener.AcceptTcpClientAsync())
        {
            NetworkStream stream = client.GetStream();
            byte[] buffer = new byte[8_192];
            var received = new StringBuilder();
            while (!received.ToString().EndsWith("\"hello\"}", StringComparison.Ordinal))
            {
                received.Append(Encoding.ASCII.GetString(buffer, 0, await stream.ReadAsync(buffer)));
            }

            request = received.ToString();
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 307 Temporary Redirect\r\nLocation: http://{host}/elsewhere\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
        }

        (await post.WaitAsync(Limit)).ShouldBe(new SlackPostResult(SlackPostOutcome.Refused, "HTTP 307"));
        listener.Pending().ShouldBeFalse();
        request.ShouldStartWith("POST /a HTTP/1.1\r\n");
        request.ShouldNotContain("Authorization", Case.Insensitive);
    }

    [Fact]
    public void No_text_names_the_url() => Open(2).ToString().ShouldBe("response_url on hooks.slack.com, 2 of 5 posts used");

    [Theory]
    [InlineData(-1)]
    [InlineData(6)]
    public void Posts_made_before_are_0_to_5(int used) => Should.Throw<ArgumentOutOfRangeException>(() => Open(used));

    public void Dispose()
    {
        _responder.Dispose();
        _slack.Dispose();
    }

    private SlackResponseUrl Open(int used = 0) => _responder.Open(Url, _clock.GetUtcNow(), used);

    private sealed class SilentHandler : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            throw new InvalidOperationException();
        }
    }
}
