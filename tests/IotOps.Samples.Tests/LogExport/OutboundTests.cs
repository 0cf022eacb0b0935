using System.Net;
using IotOps.Samples.LogExport;
using IotOps.TestKit;
using Polly.CircuitBreaker;

namespace IotOps.Samples.Tests.LogExport;

/// <summary>The Polly pipelines that the program's calls to Slack and AWS go through.</summary>
public sealed class OutboundTests : IDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly StubHttpHandler _network;
    private readonly Outbound _outbound;
    private Func<HttpResponseMessage> _answer = () => new HttpResponseMessage(HttpStatusCode.OK);

    public OutboundTests()
    {
        _network = new StubHttpHandler(_ => _answer());
        _outbound = new Outbound(_time, _network);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _outbound.Dispose();
        _network.Dispose();
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    public async Task A_call_that_may_be_repeated_is_retried_after_a_servers_error(string method)
    {
        Answer(Status(503), Status(500), Status(200));

        (await SendAsync(method)).StatusCode.ShouldBe(HttpStatusCode.OK);

        _network.Requests.Count.ShouldBe(3);
        _network.Requests.Select(r => System.Text.Encoding.ASCII.GetString(r.Body)).ShouldBe(["body", "body", "body"]);
    }

    [Fact]
    public async Task A_third_failure_is_the_answer()
    {
        Answer(Status(503));

        (await SendAsync("PUT")).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);

        _network.Requests.Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_post_that_may_have_arrived_is_not_repeated()
    {
        Answer(Status(503));
        (await SendAsync("POST")).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        Answer(Broken(HttpRequestError.ResponseEnded));
        await Should.ThrowAsync<HttpRequestException>(() => SendAsync("POST"));

        _network.Requests.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData(HttpRequestError.ConnectionError)]
    [InlineData(HttpRequestError.NameResolutionError)]
    [InlineData(HttpRequestError.SecureConnectionError)]
    public async Task A_post_that_never_arrived_is_repeated(HttpRequestError error)
    {
        Answer(Broken(error), Status(200));

        (await SendAsync("POST")).StatusCode.ShouldBe(HttpStatusCode.OK);

        _network.Requests.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData(404)]
    [InlineData(412)]
    [InlineData(429)]
    public async Task An_answer_for_the_caller_is_not_retried(int status)
    {
        Answer(Status(status));

        ((int)(await SendAsync("PUT")).StatusCode).ShouldBe(status);

        _network.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_circuit_opens_after_ten_failures_sends_nothing_for_5_s_and_closes_after_a_success()
    {
        Answer(Status(503));
        for (int i = 0; i < 10; i++)
        {
            await SendAsync("POST");
        }

        HttpRequestException open = await Should.ThrowAsync<HttpRequestException>(() => SendAsync("POST"));
        int sent = _network.Requests.Count;
        _time.Advance(TimeSpan.FromSeconds(5));
        Answer(Status(200));
        (await SendAsync("POST")).StatusCode.ShouldBe(HttpStatusCode.OK);

        open.InnerException.ShouldBeAssignableTo<BrokenCircuitException>();
        open.HttpRequestError.ShouldBe(HttpRequestError.ConnectionError, "nothing was sent, so a caller may count on that");
        sent.ShouldBe(10);
        _network.Requests.Count.ShouldBe(11);
    }

    [Fact]
    public async Task A_failing_AWS_leaves_Slacks_circuit_closed()
    {
        Answer(Status(503));
        for (int i = 0; i < 10; i++)
        {
            await SendAsync("POST");
        }

        Answer(Status(200));

        (await SendAsync("POST", _outbound.Slack)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task An_attempt_without_an_answer_is_given_up_after_4_s_and_repeated()
    {
        using var silent = new SilentOnce();
        using var outbound = new Outbound(_time, silent);

        (await SendAsync("GET", outbound.Aws)).StatusCode.ShouldBe(HttpStatusCode.OK);

        silent.Attempts.ShouldBe(2);
    }

    private static Func<HttpResponseMessage> Status(int status) => () => new HttpResponseMessage((HttpStatusCode)status);

    private static Func<HttpResponseMessage> Broken(HttpRequestError error) => () => throw new HttpRequestException(error, "broken");

    // One answer after the other, the last one for ever.
    private void Answer(params Func<HttpResponseMessage>[] answers)
    {
        var queue = new Queue<Func<HttpResponseMessage>>(answers);
        _answer = () => (queue.Count > 1 ? queue.Dequeue() : queue.Peek())();
    }

    private async Task<HttpResponseMessage> SendAsync(string method, HttpMessageHandler? through = null)
    {
        using var http = new HttpMessageInvoker(through ?? _outbound.Aws, disposeHandler: false);
        using var request = new HttpRequestMessage(new HttpMethod(method), "http://127.0.0.1/x") { Content = new ByteArrayContent("body"u8.ToArray()) };
        Task<HttpResponseMessage> sending = http.SendAsync(request, Cancel);
        while (!sending.IsCompleted)
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }

        return await sending;
    }

    private sealed class SilentOnce : HttpMessageHandler
    {
        public int Attempts { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (++Attempts == 1)
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            }

            return new HttpResponseMessage(HttpStatusCode.OK);
        }
    }
}
