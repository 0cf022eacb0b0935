using System.Net;
using System.Text.Json.Nodes;
using IotOps.FleetConsole.Tests.Lab;
using IotOps.Samples.FleetConsole.SignIn;
using IotOps.Samples.FleetConsole.Store;
using IotOps.TestKit;

namespace IotOps.FleetConsole.Tests.Web;

/// <summary>A query that is sent to the fleet index of an account, the emulator's.</summary>
public sealed class IndexQueryTests : IAsyncLifetime
{
    private readonly ManualTimeProvider _clock = new(FleetStory.Now);
    private readonly GatedTransport _transport = new() { Holds = static request => request.RequestUri!.AbsolutePath == "/indices/search" };
    private AccountLab _account = null!;
    private ConsoleLab _console = null!;
    private Visitor _visitor = null!;

    public async ValueTask InitializeAsync()
    {
        _account = await AccountLab.StartAsync(_clock, _transport);
        for (int i = 0; i < 130; i++)
        {
            _account.Emulator.Fleet.SetThing(new JsonObject { ["thingName"] = $"SITE{i:000}", ["thingTypeName"] = "gateway-b", ["attributes"] = new JsonObject { ["site"] = "eu-plant-9" } }.ToJsonString());
        }

        _console = await ConsoleLab.StartAsync(configure: _account.Add, clock: _clock);
        _visitor = _console.Visit();
    }

    public async ValueTask DisposeAsync()
    {
        _transport.Open();
        _visitor.Dispose();
        await _console.DisposeAsync();
        await _account.DisposeAsync();
    }

    [Fact]
    public async Task A_query_is_explained_first_then_sent_and_answered_page_by_page()
    {
        (await _visitor.ReadAsync("/query?q=attributes.site:eu-plant-9")).ShouldContain("Send to AWS");

        string first = await SendAsync("attributes.site:eu-plant-9");
        first.ShouldContain("100 things of the fleet index match, and there are more.");
        first.ShouldContain("/device?name=SITE099");
        first.ShouldNotContain("SITE100");
        first.ShouldContain("data-copy-link=\"/query?q=attributes.site%3Aeu-plant-9\"");

        string second = await SendAsync("attributes.site:eu-plant-9", ("after", Hidden(first, "after")), ("passed", Hidden(first, "passed")));
        second.ShouldContain("130 things of the fleet index match.");
        WebUtility.HtmlDecode(second).ShouldContain("101–130, all");
        second.ShouldContain("/device?name=SITE129");
        second.ShouldNotContain("name=\"after\"");
    }

    [Fact]
    public async Task Who_sent_which_query_is_in_the_audit_log()
    {
        await SendAsync("thingName:SITE001");

        AuditRow row = (await _console.Store.ReadAuditAsync()).ShouldHaveSingleItem();
        (row.Who, row.Act, row.Outcome, row.Detail).ShouldBe(("local", "query.send", "granted", "thingName:SITE001"));
    }

    [Fact]
    public async Task A_query_that_cannot_be_is_not_sent()
    {
        _transport.Close();

        (await SendAsync("a(")).ShouldContain("The query cannot be:");

        _transport.Waits.Task.IsCompleted.ShouldBeFalse();
        (await _console.Store.ReadAuditAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_index_that_does_not_answer_within_ten_seconds_is_said_to()
    {
        _transport.Close();
        Task<string> answer = SendAsync("thingName:SITE001");
        await _transport.Waits.Task;

        _clock.Advance(TimeSpan.FromSeconds(10));

        (await answer).ShouldContain("AWS IoT did not answer within 10 s.");
    }

    [Fact]
    public async Task An_index_that_is_off_is_said_to_be_and_what_to_do()
    {
        await _account.SwitchIndexingOffAsync();

        (await SendAsync("thingName:SITE001")).ShouldContain("The account has no index of things. Switch fleet indexing on");
    }

    [Fact]
    public async Task A_token_of_a_page_that_is_none_is_answered_with_AWS_s_refusal() =>
        (await SendAsync("thingName:SITE*", ("after", "nonsense"))).ShouldContain("The fleet index gave no answer:");

    [Fact]
    public async Task A_form_of_another_site_sends_nothing()
    {
        using HttpResponseMessage answer = await _visitor.PostBareAsync("/query", ("q", "thingName:SITE001"));

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await _console.Store.ReadAuditAsync()).ShouldAllBe(row => row.Outcome == "refused");
    }

    [Fact]
    public async Task Twenty_queries_a_minute_are_sent_and_not_more()
    {
        string token = Visitor.TokenOf(await _visitor.ReadAsync("/query?q=thingName:SITE001"));
        for (int i = 0; i < 20; i++)
        {
            using HttpResponseMessage sent = await _visitor.PostBareAsync("/query", ("q", "thingName:SITE001"), ("csrf", token));
            sent.StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        using HttpResponseMessage refused = await _visitor.PostBareAsync("/query", ("q", "thingName:SITE001"), ("csrf", token));

        refused.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task A_viewer_may_send_one()
    {
        string token = "";
        await using ConsoleLab lab = await ConsoleLab.StartAsync(
            (settings, directory) =>
            {
                (token, TokenRecord record) = TokenRecord.Make("amy", "viewer", null, iterations: 1_000);
                new TokenFile(directory["tokens.json"]).Add(record);
                return settings with { SignIn = new SignInSettings { TokenFile = directory["tokens.json"] } };
            },
            configure: _account.Add,
            clock: _clock);
        using Visitor visitor = lab.Visit();
        (await visitor.PostAsync("/sign-in", "/sign-in", ("token", token), ("to", "/"))).Dispose();

        using HttpResponseMessage answer = await visitor.PostAsync("/query", "/query?q=thingName:SITE001", ("q", "thingName:SITE001"));

        (await answer.Content.ReadAsStringAsync()).ShouldContain("1 thing of the fleet index match");
    }

    [Fact]
    public async Task Without_an_account_the_page_says_so_and_sends_nothing()
    {
        await using ConsoleLab lab = await ConsoleLab.StartAsync(isFilled: false);
        using Visitor visitor = lab.Visit();
        (await visitor.ReadAsync("/query?q=thingName:a")).ShouldContain("no account is configured");

        using HttpResponseMessage answer = await visitor.PostAsync("/query", "/query?q=thingName:a", ("q", "thingName:a"));

        (await answer.Content.ReadAsStringAsync()).ShouldContain("no account is configured");
    }

    private async Task<string> SendAsync(string query, params (string, string)[] more)
    {
        using HttpResponseMessage answer = await _visitor.PostAsync("/query", "/query?q=" + Uri.EscapeDataString(query), [("q", query), .. more]);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return await answer.Content.ReadAsStringAsync();
    }

    private static string Hidden(string page, string name)
    {
        string begin = $"name=\"{name}\" value=\"";
        int at = page.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
        return WebUtility.HtmlDecode(page[at..page.IndexOf('"', at)]);
    }
}
