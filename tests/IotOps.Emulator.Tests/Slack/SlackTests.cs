using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using IotOps.TestKit;

namespace IotOps.Emulator.Tests.Slack;

public sealed class SlackTests : IAsyncLifetime
{
    private readonly ManualTimeProvider _clock = new();
    private readonly HttpClient _http = new();
    private AwsEmulator _emulator = null!;

    public async ValueTask InitializeAsync() => _emulator = await AwsEmulator.StartAsync(new EmulatorOptions { TimeProvider = _clock });

    [Fact]
    public async Task A_response_url_takes_five_posts()
    {
        Uri url = _emulator.Slack.CreateResponseUrl();
        for (int i = 1; i <= 5; i++)
        {
            (await PostAsync(url, $$"""{"text":"{{i}}"}""")).ShouldBe((200, "ok"));
        }

        (await PostAsync(url, """{"text":"6"}""")).ShouldBe((404, "used_url"));
        _emulator.Slack.Posts.Select(p => (p.Text, p.Error)).ShouldBe([("1", null), ("2", null), ("3", null), ("4", null), ("5", null), ("6", "used_url")]);
        _emulator.Slack.Posts.ShouldAllBe(p => p.ResponseUrl == url && p.Method == "response_url");
        (await _emulator.Slack.WaitForPostsAsync(5)).Count.ShouldBe(5);
        (await PostAsync(_emulator.Slack.CreateResponseUrl(), """{"text":"x"}""")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task For_thirty_minutes()
    {
        Uri url = _emulator.Slack.CreateResponseUrl();
        _clock.Advance(TimeSpan.FromMinutes(30));
        (await PostAsync(url, """{"text":"x"}""")).Status.ShouldBe(200);
        _clock.Advance(TimeSpan.FromSeconds(1));
        (await PostAsync(url, """{"text":"x"}""")).ShouldBe((404, "expired_url"));
        (await PostAsync(new Uri(url + "x"), """{"text":"x"}""")).ShouldBe((404, "no_such_url"));
    }

    [Theory]
    [InlineData("", "invalid_payload")]
    [InlineData("{}", "no_text")]
    [InlineData("""{"text":"x","blocks":[{"type":"video"}]}""", "invalid_blocks")]
    [InlineData("""{"text":"x","blocks":[{"type":"section"}]}""", "invalid_blocks")]
    [InlineData("""{"text":"x","blocks":[{"type":"section","text":{"type":"mrkdwn","text":""}}]}""", "invalid_blocks")]
    [InlineData("""{"text":"x","blocks":[{"type":"actions","elements":[{"type":"button","text":{"type":"mrkdwn","text":"x"},"url":"https://x"}]}]}""", "invalid_blocks")]
    public async Task What_is_no_message_is_refused(string json, string error) =>
        (await PostAsync(_emulator.Slack.CreateResponseUrl(), json)).ShouldBe((400, error));

    [Theory]
    [InlineData("""{"type":"header","text":{"type":"plain_text","text":"h"}}""", true)]
    [InlineData("""{"type":"header","text":{"type":"mrkdwn","text":"h"}}""", false)]
    [InlineData("""{"type":"section","fields":[{"type":"mrkdwn","text":"f"}]}""", true)]
    [InlineData("""{"type":"section","fields":[]}""", false)]
    [InlineData("""{"type":"image","alt_text":"a","image_url":"https://x/y.png"}""", true)]
    [InlineData("""{"type":"image","image_url":"https://x/y.png"}""", false)]
    [InlineData("""{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[]}]}""", true)]
    public async Task Other_blocks_are_checked_too(string block, bool taken) =>
        (await PostAsync(_emulator.Slack.CreateResponseUrl(), $$"""{"text":"x","blocks":[{{block}}]}""")).Status.ShouldBe(taken ? 200 : 400);

    [Fact]
    public async Task Arguments_may_come_as_a_form_with_the_token_in_it()
    {
        var api = new Uri(_emulator.Slack.ApiUrl, "auth.test");
        (await PostFormAsync(api, ("token", "xoxb-wrong"))).ShouldContain("invalid_auth");
        (await PostFormAsync(api, ("token", _emulator.Slack.BotToken))).ShouldContain("\"team_id\":\"T0EMULATOR\"");

        string answer = await PostFormAsync(
            new Uri(_emulator.Slack.ApiUrl, "chat.postMessage"), ("token", _emulator.Slack.BotToken), ("channel", "C1"), ("text", "a b&c"),
            ("blocks", """[{"type":"section","text":{"type":"mrkdwn","text":"s"}}]"""));

        answer.ShouldContain("\"ok\":true");
        ReceivedSlackPost post = _emulator.Slack.Posts.ShouldHaveSingleItem();
        (post.Text, post.Error).ShouldBe(("a b&c", null));
        post.Json.ShouldContain("\"blocks\":[{");
    }

    [Fact]
    public async Task A_token_sent_to_a_response_url_is_noticed() =>
        (await PostAsync(_emulator.Slack.CreateResponseUrl(), """{"text":"x"}""", "xoxb-emulator")).ShouldBe((400, "unexpected_authorization"));

    [Fact]
    public async Task A_fault_answers_429_and_takes_no_post()
    {
        using FaultHandle busy = _emulator.Faults.Add(new Fault { Operation = "SlackPost", Times = 1, Status = 429, Code = "rate_limited", RetryAfter = TimeSpan.FromSeconds(2) });
        Uri url = _emulator.Slack.CreateResponseUrl();
        using HttpResponseMessage refused = await _http.PostAsync(url, new StringContent("""{"text":"x"}"""));
        refused.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        refused.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(2));
        _emulator.Slack.Posts.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_message_is_posted_and_updated_with_the_bot_token()
    {
        var api = new Uri(_emulator.Slack.ApiUrl, "chat.postMessage");
        JsonNode posted = JsonNode.Parse((await PostAsync(api, """{"channel":"C1","text":"x"}""", _emulator.Slack.BotToken)).Body)!;
        ((bool)posted["ok"]!, (string)posted["channel"]!).ShouldBe((true, "C1"));
        JsonNode updated = JsonNode.Parse((await PostAsync(new Uri(_emulator.Slack.ApiUrl, "chat.update"), $$"""{"channel":"C1","ts":"{{posted["ts"]}}","text":"y"}""", _emulator.Slack.BotToken)).Body)!;
        updated["ts"]!.ToString().ShouldBe(posted["ts"]!.ToString());
        (await PostAsync(api, """{"channel":"C1","text":"x"}""", "other")).ShouldBe((200, """{"ok":false,"error":"invalid_auth"}"""));
        _emulator.Slack.Posts.Select(p => (p.Method, p.Text, p.Error)).ShouldBe([("chat.postMessage", "x", null), ("chat.update", "y", null), ("chat.postMessage", "x", "invalid_auth")]);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _emulator.DisposeAsync();
    }

    private async Task<string> PostFormAsync(Uri url, params (string Name, string Value)[] fields)
    {
        using var form = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));
        using HttpResponseMessage response = await _http.PostAsync(url, form);
        return await response.Content.ReadAsStringAsync();
    }

    private async Task<(int Status, string Body)> PostAsync(Uri url, string json, string? token = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = token is null ? null : new("Bearer", token);
        using HttpResponseMessage response = await _http.SendAsync(request);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
