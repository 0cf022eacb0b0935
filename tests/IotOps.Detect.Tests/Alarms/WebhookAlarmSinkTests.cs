using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using IotOps.Detect.Alarms;
using IotOps.TestKit;

namespace IotOps.Detect.Tests.Alarms;

public sealed class WebhookAlarmSinkTests
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private const string OtherSecret = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    private static readonly Uri Url = new("https://hooks.example.com/private-path?token=hidden");

    private readonly ManualTimeProvider _time = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private static AlarmMessage Message { get; } = new()
    {
        Id = "0123456789abcdef0123456789abcdef",
        Title = "THING00001: p/b raised",
        Text = "why",
        Time = Alarm.Noon,
        Kind = FleetAlarmKind.Detect,
        Rule = "p/b",
        Count = 1,
        Devices = ["THING00001"],
        Alarms = [Alarm.Of(1) with { Event = """{"violationId":"v"}"""u8.ToArray() }],
    };

    // The example of the libraries of Standard Webhooks.
    [Fact]
    public void A_signature_is_that_of_the_standards_example() =>
        new WebhookSignature([Secret]).Sign("msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", """{"test": 2432232314}"""u8)
            .ShouldBe("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");

    [Fact]
    public async Task A_message_is_posted_with_id_time_and_a_signature_by_each_secret()
    {
        var http = new StubHttpHandler(static _ => new HttpResponseMessage(HttpStatusCode.NoContent));
        using WebhookAlarmSink sink = Sink(http, options => options with { Secrets = [Secret, OtherSecret] });

        await sink.SendAsync(Message, Cancelled);

        RecordedRequest request = http.Requests.ShouldHaveSingleItem();
        (request.Message.Method, request.Message.RequestUri, request.Header("Content-Type")).ShouldBe((HttpMethod.Post, Url, "application/json; charset=utf-8"));
        request.Header("webhook-id").ShouldBe(Message.Id);
        request.Header("webhook-timestamp").ShouldBe("1696161600");
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{Message.Id}.1696161600."), .. request.Body];
        request.Header("webhook-signature").ShouldBe(string.Join(' ', new[] { Secret, OtherSecret }
            .Select(secret => "v1," + Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(secret["whsec_".Length..]), signed)))));
        using JsonDocument body = JsonDocument.Parse(request.Body);
        body.RootElement.ToString().ShouldBe(
            """{"version":1,"id":"0123456789abcdef0123456789abcdef","type":"alarms","title":"THING00001: p/b raised","text":"why","time":"2023-10-01T12:00:00+00:00","kind":"detect","rule":"p/b","state":"raised","severity":"unknown","count":1,"devices":["THING00001"],"alarms":[{"id":"alarm-1","device":"THING00001","time":"2023-10-01T12:00:01+00:00","summary":"something happened (1)","event":{"violationId":"v"}}]}""");
    }

    [Theory]
    [InlineData(500, 3)]
    [InlineData(503, 3)]
    [InlineData(429, 3)]
    [InlineData(408, 3)]
    [InlineData(400, 1)]
    [InlineData(401, 1)]
    [InlineData(404, 1)]
    [InlineData(413, 1)]
    [InlineData(302, 1)]
    public async Task Failures_that_may_pass_are_tried_again_within_bounds_and_no_others(int status, int attempts)
    {
        var http = new StubHttpHandler(_ => new HttpResponseMessage((HttpStatusCode)status) { Headers = { Location = new Uri("https://elsewhere.example.com/") } });
        using WebhookAlarmSink sink = Sink(http);

        AlarmSinkException e = await Should.ThrowAsync<AlarmSinkException>(() => Passing(sink.SendAsync(Message, Cancelled)));

        http.Requests.Count.ShouldBe(attempts);
        http.Requests.ShouldAllBe(request => request.Message.RequestUri == Url);
        http.Requests.Select(request => request.Header("webhook-id")).Distinct(StringComparer.Ordinal).ShouldHaveSingleItem();
        e.Message.ShouldContain("hooks.example.com");
        e.Message.ShouldContain($"{status}");
        HasNoSecret(e.ToString());
    }

    // By the sink's own transport: .NET's default would follow, and carry the message to another host.
    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        int port = ((IPEndPoint)free.LocalEndpoint).Port;
        Task<string> serving = ServeRedirectAsync(free, port);
        using var sink = new WebhookAlarmSink(new WebhookAlarmSinkOptions { Url = new Uri($"http://127.0.0.1:{port}/hook"), Secrets = [Secret] });

        AlarmSinkException e = await Should.ThrowAsync<AlarmSinkException>(() => sink.SendAsync(Message, Cancelled));

        e.Message.ShouldContain("redirect (307)");
        (await serving).ShouldStartWith("POST /hook HTTP/1.1");
        free.Pending().ShouldBeFalse();
    }

    [Fact]
    public async Task A_second_attempt_is_signed_at_its_own_time_and_waits_for_Retry_After()
    {
        int calls = 0;
        var http = new StubHttpHandler(_ => ++calls > 1
            ? new HttpResponseMessage(HttpStatusCode.OK)
            : new HttpResponseMessage(HttpStatusCode.TooManyRequests) { Headers = { RetryAfter = new(TimeSpan.FromSeconds(3)) } });
        using WebhookAlarmSink sink = Sink(http);

        Task sending = sink.SendAsync(Message, Cancelled);
        _time.Advance(TimeSpan.FromSeconds(2.9));
        http.Requests.Count.ShouldBe(1);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        await sending;

        http.Requests.Select(request => request.Header("webhook-timestamp")).ShouldBe(["1696161600", "1696161603"]);
        http.Requests[0].Header("webhook-signature").ShouldNotBe(http.Requests[1].Header("webhook-signature"), StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_host_that_is_not_there_is_an_error_that_says_what_to_check()
    {
        using WebhookAlarmSink sink = Sink(new StubHttpHandler(static _ => throw new HttpRequestException(HttpRequestError.NameResolutionError, "secret-free")), options => options with { MaxAttempts = 1 });

        AlarmSinkException e = await Should.ThrowAsync<AlarmSinkException>(() => sink.SendAsync(Message, Cancelled));

        e.Message.ShouldBe("hooks.example.com could not be reached or broke off (NameResolutionError). Check network, DNS and certificate.");
    }

    [Theory]
    [InlineData("http://hooks.example.com/")]
    [InlineData("ftp://localhost/")]
    [InlineData("/path")]
    [InlineData("https://user:pw@hooks.example.com/")]
    public void An_URL_that_is_not_https_is_refused(string url) =>
        Should.Throw<ArgumentException>(() => new WebhookAlarmSink(new WebhookAlarmSinkOptions { Url = new Uri(url, UriKind.RelativeOrAbsolute), Secrets = [Secret] }));

    [Fact]
    public void Plain_http_is_for_this_machine_alone() =>
        Should.NotThrow(() => new WebhookAlarmSink(new WebhookAlarmSinkOptions { Url = new Uri("http://127.0.0.1:8080/hook"), Secrets = [Secret] }).Dispose());

    [Theory]
    [InlineData("")]
    [InlineData("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    [InlineData("whsec_c2hvcnQ=")]
    [InlineData("whsec_not base64 at all, but long enough")]
    [InlineData("whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void A_secret_that_is_none_is_refused_and_not_repeated(string secret)
    {
        ArgumentException e = Should.Throw<ArgumentException>(() => new WebhookAlarmSink(new WebhookAlarmSinkOptions { Url = Url, Secrets = [secret] }));
        if (secret.Length > 0)
        {
            e.Message.ShouldNotContain(secret);
        }
    }

    [Fact]
    public void Options_print_neither_secrets_nor_path() => HasNoSecret(new WebhookAlarmSinkOptions { Url = Url, Secrets = [Secret] }.ToString());

    private static async Task<string> ServeRedirectAsync(TcpListener listener, int port)
    {
        using TcpClient client = await listener.AcceptTcpClientAsync(Cancelled);
        NetworkStream stream = client.GetStream();
        byte[] buffer = new byte[16_384];
        int length = await stream.ReadAsync(buffer, Cancelled);
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 307 Temporary Redirect\r\nLocation: http://127.0.0.1:{port}/other\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"), Cancelled);
        return Encoding.ASCII.GetString(buffer, 0, length);
    }

    private static void HasNoSecret(string text)
    {
        text.ShouldNotContain("MfKQ9");
        text.ShouldNotContain("hidden");
        text.ShouldNotContain("private-path");
    }

    private WebhookAlarmSink Sink(StubHttpHandler http, Func<WebhookAlarmSinkOptions, WebhookAlarmSinkOptions>? change = null)
    {
        var options = new WebhookAlarmSinkOptions { Url = Url, Secrets = [Secret], Handler = http, TimeProvider = _time, Random = () => 0.5 };
        return new WebhookAlarmSink(change?.Invoke(options) ?? options);
    }

    private async Task Passing(Task sending)
    {
        while (!sending.IsCompleted)
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }

        await sending;
    }
}
