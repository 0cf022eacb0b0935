using System.Net;
using IotOps.SlackExport.Serving;

namespace IotOps.SlackExport.Tests.Authorizing;

/// <summary>Nobody may do what no grant names, and a refusal leaves nothing behind.</summary>
public sealed class AuthorizationTests
{
    private const string NotAllowed = "You may not do this here. If you should, ask whoever runs this app.";

    private static readonly SlackExportGrant Developers = new() { Users = ["U1", "U2"], Environments = ["dev"], Categories = ["*"] };
    private static readonly SlackExportGrant Operators = new() { UserGroups = ["S0001"], Environments = ["*"], Categories = ["telemetry", "command"] };
    private static readonly SlackExportGrant Room = new() { Users = ["*"], Channels = ["C0FLEET"], Environments = ["dev"], Categories = ["telemetry"] };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("A0001", "T0002", "", "U1", "THING00001 telemetry 2023/10/01")]
    [InlineData("A0001", "T0002", "", "U1", "help")]
    [InlineData("A0001", "T0001", "E0001", "U1", "THING00001 telemetry 2023/10/01")]
    [InlineData("A0002", "T0001", "", "U1", "THING00001 telemetry 2023/10/01")]
    [InlineData("A0001", "T0001", "", "U9", "THING00001 telemetry 2023/10/01")]
    [InlineData("A0001", "T0001", "", "U9", "status dev-0123456789abcdef")]
    [InlineData("A0001", "T0001", "", "U9", "THING00001 telemetrie 2023/10/01")]
    [InlineData("A0001", "T0001", "", "U9", "")]
    [InlineData("A0001", "T0001", "", "U1", "THING00001 telemetry 2023/10/01 prod")]
    [InlineData("", "T0001", "", "U1", "THING00001 telemetry 2023/10/01")]
    [InlineData("A0001", "", "", "U1", "THING00001 telemetry 2023/10/01")]
    public async Task Whoever_no_grant_names_gets_one_sentence_and_leaves_no_document_and_no_job(string app, string team, string enterprise, string user, string text)
    {
        await using SlackBench bench = await StartAsync(Developers);

        SlackReply reply = await bench.PostAsync(new SlackForm { App = app, Team = team, Enterprise = enterprise, User = user, Text = text });

        reply.Status.ShouldBe(200);
        SlackBench.Shown(reply.Body).ShouldBe(NotAllowed);
        System.Text.Encoding.UTF8.GetString(reply.Body).ShouldContain("\"response_type\":\"ephemeral\"");
        bench.Jobs.Submitted.ShouldBeEmpty();
        bench.Emulator.S3.Keys(SlackBench.Bucket).ShouldBeEmpty();
        bench.Slack.Requests.ShouldBeEmpty();
        bench.Log.ShouldContain("Warning 914 Denied: ");
    }

    [Fact]
    public async Task A_user_may_do_what_a_grant_names()
    {
        await using SlackBench bench = await StartAsync(Developers);

        SlackBench.Shown((await bench.PostAsync(new SlackForm { User = "U2", Text = "THING00001 telemetry 2023/10/01" })).Body).ShouldContain("Generating log file...");

        bench.Log.ShouldContain("Information 913 Granted: THING00001 telemetry 2023/10/01 dev; user U2 of workspace T0001, organisation none, in channel C2147483705, by app A0001");
    }

    [Fact]
    public async Task A_grant_may_name_the_channel_that_is_asked_from()
    {
        await using SlackBench bench = await StartAsync(Room);

        SlackBench.Shown((await bench.PostAsync(new SlackForm { Text = "THING00001 telemetry 2023/10/01" })).Body).ShouldBe(NotAllowed);
        SlackBench.Shown((await bench.PostAsync(new SlackForm { Channel = "C0FLEET", Text = "THING00001 telemetry 2023/10/01" })).Body).ShouldContain("Generating");
        SlackBench.Shown((await bench.PostAsync(new SlackForm { Channel = "C0FLEET", Text = "THING00001 telemetry,command 2023/10/01" })).Body).ShouldBe(NotAllowed);
        bench.Jobs.Submitted.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Grants_add_up()
    {
        await using SlackBench bench = await StartAsync(Room, Developers with { Categories = ["command"] });

        SlackReply reply = await bench.PostAsync(new SlackForm { User = "U1", Channel = "C0FLEET", Text = "THING00001 telemetry,command 2023/10/01" });

        SlackBench.Shown(reply.Body).ShouldContain("Generating log file...");
    }

    [Fact]
    public async Task An_organisation_stands_for_all_its_workspaces()
    {
        await using SlackBench bench = await SlackBench.StartAsync(configure: options => Named(options) with
        {
            Authorization = options.Authorization! with { Workspaces = [new SlackExportWorkspace { EnterpriseId = "E0001", Grants = [Developers] }] },
        });
        SlackForm form = new() { User = "U1", Team = "T0777", Text = "THING00001 telemetry 2023/10/01" };

        SlackBench.Shown((await bench.PostAsync(form with { Enterprise = "E0001" })).Body).ShouldContain("Generating log file...");
        SlackBench.Shown((await bench.PostAsync(form with { Enterprise = "E0002" })).Body).ShouldBe(NotAllowed);
        SlackBench.Shown((await bench.PostAsync(form)).Body).ShouldBe(NotAllowed);
    }

    [Fact]
    public async Task Members_of_a_user_group_are_asked_of_Slack_and_remembered_for_five_minutes()
    {
        await using SlackBench bench = await StartAsync(Operators);
        bench.SlackAnswer = () => Json("""{"ok":true,"users":["U7","U8"]}""");
        SlackForm form = new() { User = "U7", Text = "THING00001 telemetry 2023/10/01 prod" };

        SlackBench.Shown((await bench.PostAsync(form)).Body).ShouldContain("Generating log file...");
        SlackBench.Shown((await bench.PostAsync(form with { User = "U9" })).Body).ShouldBe(NotAllowed);
        bench.Slack.Requests.ShouldHaveSingleItem().Message.RequestUri!.AbsoluteUri.ShouldBe("https://slack.com/api/usergroups.users.list");
        System.Text.Encoding.ASCII.GetString(bench.Slack.Requests[0].Body).ShouldBe("usergroup=S0001&team_id=T0001");

        bench.SlackAnswer = () => Json("""{"ok":true,"users":["U8"]}""");
        bench.Time.Advance(TimeSpan.FromMinutes(5));
        SlackBench.Shown((await bench.PostAsync(form)).Body).ShouldBe(NotAllowed);
    }

    [Theory]
    [InlineData("""{"ok":false,"error":"missing_scope"}""")]
    [InlineData("""{"ok":true}""")]
    [InlineData("no JSON")]
    public async Task A_Slack_that_does_not_say_who_is_in_a_group_lets_nobody_in(string answer)
    {
        await using SlackBench bench = await StartAsync(Operators);
        bench.SlackAnswer = () => Json(answer);

        SlackBench.Shown((await bench.PostAsync(new SlackForm { User = "U7", Text = "THING00001 telemetry 2023/10/01 prod" })).Body).ShouldBe(NotAllowed);

        bench.Log.ShouldContain("user group S0001");
        bench.Emulator.S3.Keys(SlackBench.Bucket).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("U2", "T0001", "")]
    [InlineData("U1", "T0002", "")]
    [InlineData("U1", "T0003", "E0003")]
    public async Task Status_and_link_are_whose_the_request_is(string user, string team, string enterprise)
    {
        await using SlackBench bench = await SlackBench.StartAsync(configure: options => Named(options) with
        {
            Authorization = options.Authorization! with
            {
                Workspaces =
                [
                    new SlackExportWorkspace { TeamId = "T0001", Grants = [Developers] },
                    new SlackExportWorkspace { TeamId = "T0002", Grants = [Developers] },
                    new SlackExportWorkspace { EnterpriseId = "E0003", Grants = [Developers] },
                ],
            },
        });
        await bench.PostAsync(new SlackForm { User = "U1", Text = "THING00001 telemetry 2023/10/01" });
        string id = bench.Jobs.Submitted[0].Id!;
        int documents = bench.Emulator.S3.Keys(SlackBench.Bucket).Count;

        foreach (string verb in (string[])["status", "link"])
        {
            SlackReply reply = await bench.PostAsync(new SlackForm { User = user, Team = team, Enterprise = enterprise, Text = $"{verb} {id}" });

            SlackBench.Shown(reply.Body).ShouldBe(NotAllowed);
        }

        bench.Emulator.S3.Keys(SlackBench.Bucket).Count.ShouldBe(documents);
        SlackBench.Shown((await bench.PostAsync(new SlackForm { User = "U1", Text = $"status {id}" })).Body).ShouldContain("Waits for its turn.");
    }

    [Fact]
    public async Task A_user_who_lost_a_right_gets_no_link_to_what_was_exported_with_it()
    {
        await using SlackBench bench = await StartAsync(Operators);
        bench.SlackAnswer = () => Json("""{"ok":true,"users":["U7"]}""");
        await bench.PostAsync(new SlackForm { User = "U7", Text = "THING00001 telemetry 2023/10/01 prod" });
        bench.SlackAnswer = () => Json("""{"ok":true,"users":[]}""");
        bench.Time.Advance(TimeSpan.FromMinutes(6));

        SlackBench.Shown((await bench.PostAsync(new SlackForm { User = "U7", Text = $"link {bench.Jobs.Submitted[0].Id}" })).Body).ShouldBe(NotAllowed);
    }

    [Fact]
    public async Task A_user_has_so_many_jobs_within_an_hour_and_a_repetition_is_none()
    {
        await using SlackBench bench = await SlackBench.StartAsync(configure: options => options with { Authorization = options.Authorization! with { JobsPerUserAndHour = 2 } });
        await bench.PostAsync(new SlackForm { Text = "THING00001 telemetry 2023/10/01" });
        bench.Time.Advance(TimeSpan.FromMinutes(10));
        await bench.PostAsync(new SlackForm { Text = "THING00002 telemetry 2023/10/01" });
        await bench.PostAsync(new SlackForm { Text = "THING00002 telemetry  2023/10/01" });
        string[] documents = Requests(bench);

        SlackBench.Shown((await bench.PostAsync(new SlackForm { Text = "THING00003 telemetry 2023/10/01" })).Body)
            .ShouldBe("You have as many exports within an hour as one user may. Nothing was begun; please ask again in 50 minutes.");
        bench.Jobs.Submitted.Count.ShouldBe(2);
        Requests(bench).ShouldBe(documents);
        SlackBench.Shown((await bench.PostAsync(new SlackForm { User = "U9", Text = "THING00003 telemetry 2023/10/01" })).Body).ShouldContain("Generating");
        bench.Time.Advance(TimeSpan.FromMinutes(50));
        SlackBench.Shown((await bench.PostAsync(new SlackForm { Text = "THING00003 telemetry 2023/10/01" })).Body).ShouldContain("Generating");

        static string[] Requests(SlackBench bench) => [.. bench.Emulator.S3.Keys(SlackBench.Bucket).Where(key => key.StartsWith("slack/requests/", StringComparison.Ordinal))];
    }

    [Fact]
    public async Task Of_many_commands_at_once_no_more_run_than_the_hour_has_room_for()
    {
        await using SlackBench bench = await SlackBench.StartAsync(configure: options => options with { Authorization = options.Authorization! with { JobsPerUserAndHour = 3 } });

        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => bench.PostAsync(new SlackForm { Text = $"THING0000{i} telemetry 2023/10/01" })));

        bench.Jobs.Submitted.Count.ShouldBeInRange(1, 3);
    }

    [Fact]
    public async Task An_audit_line_forges_no_other_and_holds_no_secret()
    {
        await using SlackBench bench = await StartAsync(Developers);

        await bench.PostAsync(new SlackForm { User = "U9\nInformation 913 Granted: everything", Team = "T0001\u2028", Text = "xoxb-secret" });

        bench.Log.Split('\n').Count(line => line.Length > 0).ShouldBe(1);
        bench.Log.ShouldContain("user U9?Information 913");
        bench.Log.ShouldNotContain("xoxb-secret");
        bench.Log.ShouldNotContain("hooks.slack.com");
    }

    private static Task<SlackBench> StartAsync(params SlackExportGrant[] grants) => SlackBench.StartAsync(configure: options => Named(options) with
    {
        Authorization = options.Authorization! with { Workspaces = [new SlackExportWorkspace { TeamId = "T0001", Grants = grants }] },
    });

    private static SlackExportOptions Named(SlackExportOptions options) => options with
    {
        BotToken = "xoxb-1",
        Environments = [options.Environments[0] with { Name = "dev" }, options.Environments[0] with { Name = "prod" }],
        DefaultEnvironment = "dev",
    };

    private static HttpResponseMessage Json(string text) => new(HttpStatusCode.OK) { Content = new StringContent(text) };
}
