using System.Net;
using System.Text;
using IotOps.TestKit;

namespace IotOps.Slack.Tests.Posting;

public sealed class ChatTests : IDisposable
{
    private const string Token = "xoxb-s3cr3t";
    private readonly ManualTimeProvider _clock = new();
    private readonly SlackStub _slack = new();
    private readonly SlackChat _chat;

    public ChatTests() =>
        _chat = new SlackChat(new SlackChatOptions { Token = Token, TimeProvider = _clock, Handler = _slack.Handler, Jitter = () => 0.5 });

    [Fact]
    public async Task A_message_is_posted_with_the_bot_token()
    {
        _slack.Then(HttpStatusCode.OK, """{"ok":true,"message":{"text":"hello","ts":"9"},"channel":"C024BE91L","ts":"1401383885.000061"}""");
        SlackMessageId posted = await _chat.PostMessageAsync("C1", new SlackMessage("a < b"), thread: new SlackMessageId("C1", "1.1"));
        posted.ShouldBe(new SlackMessageId("C024BE91L", "1401383885.000061"));
        RecordedRequest request = _slack.Handler.Requests.Single();
        request.Message.RequestUri.ShouldBe(new Uri("https://slack.com/api/chat.postMessage"));
        request.Header("Authorization").ShouldBe("Bearer xoxb-s3cr3t");
        request.Header("Content-Type").ShouldBe("application/json; charset=utf-8");
        Encoding.UTF8.GetString(request.Body).ShouldBe("""{"channel":"C1","thread_ts":"1.1","text":"a &lt; b"}""");
    }

    [Fact]
    public async Task A_message_is_updated_by_its_channel_and_time()
    {
        _slack.Then(HttpStatusCode.OK, """{"ok":true}""");
        await _chat.UpdateAsync(new SlackMessageId("C1", "1.2"), new SlackMessage("done", new SlackSection("all")));
        RecordedRequest request = _slack.Handler.Requests.Single();
        request.Message.RequestUri.ShouldBe(new Uri("https://slack.com/api/chat.update"));
        Encoding.UTF8.GetString(request.Body).ShouldBe(
            """{"channel":"C1","ts":"1.2","text":"done","blocks":[{"type":"section","text":{"type":"mrkdwn","text":"all"}}]}""");
    }

    [Fact]
    public async Task Members_of_a_user_group_are_asked_for_by_a_form()
    {
        _slack.Then(HttpStatusCode.OK, """{"ok":true,"users":["U1",{"not":"one"},"W2"]}""");

        (await _chat.ListUserGroupMembersAsync("S1", "T1")).ShouldBe(["U1", "W2"]);

        RecordedRequest request = _slack.Handler.Requests.Single();
        request.Message.RequestUri.ShouldBe(new Uri("https://slack.com/api/usergroups.users.list"));
        request.Header("Authorization").ShouldBe("Bearer xoxb-s3cr3t");
        request.Header("Content-Type").ShouldBe("application/x-www-form-urlencoded");
        Encoding.UTF8.GetString(request.Body).ShouldBe("usergroup=S1&team_id=T1");
    }

    [Theory]
    [InlineData("""{"ok":false,"error":"no_such_subteam"}""", "no_such_subteam")]
    [InlineData("""{"ok":true}""", "invalid_answer")]
    public async Task A_group_whose_members_Slack_does_not_tell_is_an_exception(string body, string error)
    {
        _slack.Then(HttpStatusCode.OK, body);

        (await Should.ThrowAsync<SlackException>(() => _chat.ListUserGroupMembersAsync("S1"))).Error.ShouldBe(error);
    }

    [Theory]
    [InlineData(200, """{"ok":false,"error":"channel_not_found"}""", "channel_not_found", false)]
    [InlineData(200, """{"ok":false,"error":"internal_error"}""", "internal_error", true)]
    [InlineData(200, """{"ok":false,"error":"invalid_auth"}""", "invalid_auth", false)]
    [InlineData(200, """{"ok":false}""", "invalid_answer", false)]
    [InlineData(200, """{"ok":true}""", "invalid_answer", false)]
    [InlineData(200, """{"ok":"true","ts":"1"}""", "invalid_answer", false)]
    [InlineData(200, "[]", "invalid_answer", false)]
    [InlineData(200, "{\"ok\":tr", "invalid_answer", false)]
    [InlineData(200, "", "invalid_answer", false)]
    [InlineData(503, "<html>", "invalid_answer", true)]
    [InlineData(302, "", "invalid_answer", false)]
    public async Task What_Slack_refuses_is_an_exception_with_its_word(int status, string body, string error, bool isTransient)
    {
        _slack.Then((HttpStatusCode)status, body);
        SlackException e = await Should.ThrowAsync<SlackException>(() => _chat.PostMessageAsync("C1", new SlackMessage("private text")));
        e.Method.ShouldBe("chat.postMessage");
        e.Error.ShouldBe(error);
        e.StatusCode.ShouldBe(status);
        e.IsTransient.ShouldBe(isTransient);
        e.ToString().ShouldNotContain(Token);
        e.ToString().ShouldNotContain("private text");
    }

    [Fact]
    public async Task A_429_is_waited_for_then_told()
    {
        for (int i = 0; i < 4; i++)
        {
            _slack.Then(HttpStatusCode.TooManyRequests, """{"ok":false,"error":"ratelimited"}""", retryAfter: "2");
        }

        Task<SlackMessageId> post = _chat.PostMessageAsync("C1", new SlackMessage("x"));
        for (int i = 0; i < 3; i++)
        {
            _slack.Handler.Requests.Count.ShouldBe(i + 1);
            _clock.Advance(TimeSpan.FromSeconds(2.5));
        }

        SlackException e = await Should.ThrowAsync<SlackException>(post);
        e.Error.ShouldBe("ratelimited");
        e.IsTransient.ShouldBeTrue();
        e.RetryAfter.ShouldBe(TimeSpan.FromSeconds(2));
        _slack.Handler.Requests.Count.ShouldBe(4);
    }

    [Fact]
    public async Task A_network_error_is_transient_and_quotes_nothing()
    {
        _slack.ThenThrow(new HttpRequestException(HttpRequestError.ConnectionError, "Bearer xoxb-s3cr3t"));
        SlackException e = await Should.ThrowAsync<SlackException>(() => _chat.PostMessageAsync("C1", new SlackMessage("x")));
        e.Error.ShouldBe("network_error");
        e.StatusCode.ShouldBeNull();
        e.IsTransient.ShouldBeTrue();
        e.ToString().ShouldNotContain(Token);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" xoxb-s3cr3t")]
    [InlineData("xoxb-s3cr3t\n")]
    [InlineData("xoxb-s3cr3t\r\nX: y")]
    [InlineData("xoxb-s3cr3té")]
    public void A_token_is_visible_ascii_and_never_quoted(string token) =>
        Should.Throw<ArgumentException>(() => new SlackChat(new SlackChatOptions { Token = token })).ToString().ShouldNotContain("s3cr3t");

    [Theory]
    [InlineData("http://slack.com/api/")]
    [InlineData("https://slack.com.evil.example/api/")]
    [InlineData("https://evil.example/api/")]
    [InlineData("https://slack.com:8443/api/")]
    [InlineData("https://user@slack.com/api/")]
    [InlineData("https://slack.com/api")]
    public void The_token_goes_to_Slack_alone(string url) =>
        Should.Throw<ArgumentException>(() => new SlackChat(new SlackChatOptions { Token = Token, ApiUrl = new Uri(url) }));

    [Theory]
    [InlineData("https://slack-gov.com/api/")]
    [InlineData("http://127.0.0.1:8080/api/")]
    public void Or_to_its_government_site_or_a_test(string url)
    {
        using var chat = new SlackChat(new SlackChatOptions { Token = Token, ApiUrl = new Uri(url) });
    }

    [Fact]
    public void Options_do_not_print_their_secrets()
    {
        new SlackChatOptions { Token = Token }.ToString().ShouldBe("Slack Web API at https://slack.com/api/");
        new SlackRequestVerifierOptions { SigningSecrets = ["s3cr3t"] }.ToString().ShouldBe("1 signing secrets, tolerance 00:05:00");
        new SlackRequestHeaders("1", "v0=s3cr3t").ToString().ShouldNotContain("s3cr3t");
    }

    public void Dispose()
    {
        _chat.Dispose();
        _slack.Dispose();
    }
}
