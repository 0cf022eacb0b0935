using Amazon.Runtime;
using IotOps.Archive;
using IotOps.Samples.CommandLine;
using IotOps.Samples.Configuration;
using IotOps.Samples.LogExport.Configuration;
using IotOps.SlackExport;
using IotOps.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace IotOps.Samples.Tests.LogExport;

public sealed class SlackConfigTests
{
    [Fact]
    public void By_default_answers_go_to_Slack_alone()
    {
        SlackConfig config = Read("{}");

        config.ResponseHosts.ShouldBe(["hooks.slack.com", "hooks.slack-gov.com"]);
        config.Command.ShouldBe("/iot-log");
        config.EveryDevice.ShouldBe(["lifecycle"]);
        config.ApiUrl.AbsoluteUri.ShouldBe("https://slack.com/api/");
    }

    [Fact]
    public void Every_key_overrides_its_default()
    {
        SlackConfig config = Read("{ command: '/logs', responseHosts: ['hooks.slack-gov.com', '127.0.0.1:8080'], defaultEnvironment: 'dev', everyDevice: [], apiUrl: 'http://127.0.0.1:9/api/' }");

        config.ShouldSatisfyAllConditions(
            x => x.Command.ShouldBe("/logs"),
            x => x.ResponseHosts.ShouldBe(["hooks.slack-gov.com", "127.0.0.1:8080"]),
            x => x.DefaultEnvironment.ShouldBe("dev"),
            x => x.EveryDevice.ShouldBeEmpty(),
            x => x.ApiUrl.Port.ShouldBe(9));
    }

    [Theory]
    [InlineData("{ defaultEnvironment: 'test' }", "'defaultEnvironment' is 'test', which is none of the environments: dev")]
    [InlineData("{ apiUrl: 'api' }", "'apiUrl' must be an absolute URL, not 'api'")]
    [InlineData("{ signingSecret: 'x' }", "unknown key 'signingSecret'")]
    public void A_mistake_is_reported(string slack, string problem) =>
        Should.Throw<ConfigException>(() => Read(slack)).Message.ShouldContain(problem);

    [Fact]
    public void Several_signing_secrets_are_separated_by_commas_during_a_rotation()
    {
        SlackSecrets secrets = Secrets(("SLACK_SIGNING_SECRET", "new, old,"), ("SLACK_BOT_TOKEN", "xoxb-1"));

        secrets.SigningSecrets.ShouldBe(["new", "old"]);
        secrets.BotToken.ShouldBe("xoxb-1");
        secrets.ToString().ShouldBe("2 signing secrets, a bot token");
    }

    [Fact]
    public async Task A_secret_of_Secrets_Manager_is_read_at_the_start()
    {
        using var aws = new StubHttpHandler(_ => Secret("""{"signingSecret":"new,old","botToken":"xoxb-1"}"""));

        SlackSecrets secrets = await SlackSecrets.ReadAsync(Named, aws, Keys);

        secrets.SigningSecrets.ShouldBe(["new", "old"]);
        secrets.BotToken.ShouldBe("xoxb-1");
        RecordedRequest asked = aws.Requests.ShouldHaveSingleItem();
        asked.Header("X-Amz-Target").ShouldBe("secretsmanager.GetSecretValue");
        System.Text.Encoding.UTF8.GetString(asked.Body).ShouldBe("""{"SecretId":"iot-log/slack"}""");
    }

    [Theory]
    [InlineData("xyzzy-no-json")]
    [InlineData("[]")]
    [InlineData("{\"botToken\":\"xyzzy\"}")]
    [InlineData("{\"signingSecret\":17,\"botToken\":\"xyzzy\"}")]
    public async Task A_secret_that_is_none_is_said_without_quoting_it(string content)
    {
        using var aws = new StubHttpHandler(_ => Secret(content));

        InvalidOperationException refused = await Should.ThrowAsync<InvalidOperationException>(() => SlackSecrets.ReadAsync(Named, aws, Keys));

        refused.Message.ShouldStartWith("The secret iot-log/slack is not JSON with a signingSecret");
        refused.ToString().ShouldNotContain("xyzzy");
    }

    [Fact]
    public async Task A_secret_that_is_named_twice_is_refused() =>
        (await Should.ThrowAsync<UsageException>(() => SlackSecrets.ReadAsync(name => name.StartsWith("SLACK_S", StringComparison.Ordinal) ? "x" : null))).Message.ShouldContain("are both set");

    [Fact]
    public void A_server_needs_a_signing_secret() =>
        Should.Throw<UsageException>(() => Secrets(("SLACK_SIGNING_SECRET", " , "))).Message.ShouldContain("Basic Information");

    [Fact]
    public void An_environment_without_a_queue_is_reported_at_the_start()
    {
        ExportConfig Config(string? environment) => ConfigFile.Parse("export.json5", """
            { categories: { command: { prefix: 'commands/' } },
              slack: { authorization: { app: 'A1', workspaces: [{ team: 'T1', grants: [{ users: ['*'], environments: ['*'], categories: ['*'] }] }] } },
              environments: { dev: { bucket: 'dev', jobQueue: 'q', jobDefinition: 'd' }, prod: { bucket: 'prod', jobQueue: 'q' } } }
            """, document => ExportConfigFile.Read(document, environment));

        Should.Throw<InvalidOperationException>(() => ExportOptions.ToServe(Config, Secrets(("SLACK_SIGNING_SECRET", "x")), runsInProcess: false))
            .Message.ShouldBe("jobQueue or jobDefinition is missing in the environment 'prod' of the configuration; without AWS Batch use --runner local.");
        ExportOptions.ToServe(Config, Secrets(("SLACK_SIGNING_SECRET", "x")), runsInProcess: true).Environments.Select(e => e.Name).ShouldBe(["dev", "prod"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("environments: { dev: { bucket: 'dev' }, prod: { bucket: 'prod' } },")]
    public async Task Without_authorization_nothing_is_served_and_the_smallest_section_is_printed_that_would_do(string environments)
    {
        ExportConfig Config(string slack, string? environment) => ConfigFile.Parse("export.json5", $$"""
            { bucket: 'logs', categories: { command: { prefix: 'commands/{yyyy}/{MM}/{dd}/' } }, {{environments}} {{slack}} }
            """, document => ExportConfigFile.Read(document, environment));

        string message = Should.Throw<InvalidOperationException>(() => ExportOptions.ToServe(e => Config("", e), Secrets(("SLACK_SIGNING_SECRET", "x")), runsInProcess: true)).Message;

        string printed = message[message.IndexOf("slack: {", StringComparison.Ordinal)..];
        SlackExportOptions options = ExportOptions.ToServe(e => Config(printed, e), Secrets(("SLACK_SIGNING_SECRET", "x")), runsInProcess: true);
        options.Authorization!.AppId.ShouldBe("A0123456789");
        var services = new ServiceCollection();
        services.AddIotOpsSlackExport(options with { Environments = [.. options.Environments.Select(e => e with { Region = "eu-west-1" })], StateEnvironment = null });
        await using ServiceProvider provider = services.BuildServiceProvider();
        Should.NotThrow(() => provider.GetServices<IHostedService>().ToArray());
    }

    [Fact]
    public void The_package_gets_all_that_the_configuration_says()
    {
        static ExportConfig Config(string? environment) => ConfigFile.Parse("export.json5", """
            { categories: { command: { prefix: 'commands/' } }, linkValidity: '30m', output: 'zips',
              slack: { linksInChannels: true, channelLinkValidity: '5m',
                authorization: { app: 'A1', jobsPerUserAndHour: 7, workspaces: [
                  { team: 'T1', enterprise: 'E1', grants: [{ users: ['U1'], userGroups: ['S1'], channels: ['C1'], environments: ['dev'], categories: ['command'] }] }] },
                command: '/logs', responseHosts: ['127.0.0.1:1'], everyDevice: ['command'], defaultEnvironment: 'prod', apiUrl: 'http://127.0.0.1:9/api/' },
              environments: { dev: { bucket: 'dev', jobQueue: 'q', jobDefinition: 'd' },
                prod: { bucket: 'p', jobQueue: 'q2', jobDefinition: 'd2', region: 'eu-west-1', roleArn: 'arn:aws:iam::123456789012:role/LogExport', externalId: 'x' } } }
            """, document => ExportConfigFile.Read(document, environment));

        SlackExportOptions options = ExportOptions.ToServe(Config, Secrets(("SLACK_SIGNING_SECRET", "x"), ("SLACK_BOT_TOKEN", "xoxb-1")), runsInProcess: false);

        options.ShouldSatisfyAllConditions(
            o => o.SigningSecrets.ShouldBe(["x"]),
            o => o.BotToken.ShouldBe("xoxb-1"),
            o => o.CommandName.ShouldBe("/logs"),
            o => o.EveryDevice.ShouldBe(["command"]),
            o => o.ResponseHosts.ShouldBe(["127.0.0.1:1"]),
            o => o.ApiUrl.Port.ShouldBe(9),
            o => o.DefaultEnvironment.ShouldBe("prod"),
            o => (o.LinksInChannels, o.ChannelLinkValidity).ShouldBe((true, TimeSpan.FromMinutes(5))),
            o => (o.Authorization!.AppId, o.Authorization.JobsPerUserAndHour).ShouldBe(("A1", 7)),
            o => (o.Authorization!.Workspaces[0].TeamId, o.Authorization.Workspaces[0].EnterpriseId).ShouldBe(("T1", "E1")),
            o => o.Authorization!.Workspaces[0].Grants[0].Users.ShouldBe(["U1"]),
            o => o.Authorization!.Workspaces[0].Grants[0].UserGroups.ShouldBe(["S1"]),
            o => o.Authorization!.Workspaces[0].Grants[0].Channels.ShouldBe(["C1"]),
            o => o.Authorization!.Workspaces[0].Grants[0].Environments.ShouldBe(["dev"]),
            o => o.Authorization!.Workspaces[0].Grants[0].Categories.ShouldBe(["command"]),
            o => o.Environments[0].Credentials.ShouldBeNull(),
            o => o.Environments[1].Credentials.ShouldBeOfType<AssumeRoleAWSCredentials>().Options.ExternalId.ShouldBe("x"));
        SlackExportEnvironment prod = options.Environments[1];
        (prod.Bucket, prod.Output, prod.LinkValidity, prod.Region, prod.JobQueue, prod.JobDefinition).ShouldBe(("p", "zips", TimeSpan.FromMinutes(30), "eu-west-1", "q2", "d2"));
    }

    [Fact]
    public void A_bucket_is_required_only_where_no_environment_has_one()
    {
        var all = new ExportConfig { Bucket = "", Output = "slack", LinkValidity = TimeSpan.FromHours(1), Layout = new LogLayout(new LogCategory { Name = "command", Prefix = "commands/" }) };

        Should.Throw<UsageException>(() => all.WithBucket()).Message.ShouldContain("LOGEXPORT_BUCKET");
        Should.Throw<UsageException>(() => (all with { Environments = ["dev", "prod"] }).WithBucket()).Message.ShouldContain("choose one of dev, prod");
        (all with { Bucket = "b" }).WithBucket().Bucket.ShouldBe("b");
    }

    private static BasicAWSCredentials Keys { get; } = new("AKIDEXAMPLE", "secret");

    private static string? Named(string name) => name switch
    {
        "SLACK_SECRET_ID" => "iot-log/slack",
        "AWS_REGION" => "eu-west-1",
        _ => null,
    };

    private static HttpResponseMessage Secret(string content) => new(System.Net.HttpStatusCode.OK)
    {
        Content = new StringContent(new System.Text.Json.Nodes.JsonObject { ["SecretString"] = content }.ToJsonString()),
    };

    private static SlackConfig Read(string slack) => ConfigFile.Parse("export.json5", slack, document => SlackConfig.Read(document, ["dev"]));

    private static SlackSecrets Secrets(params (string Name, string Value)[] variables) =>
        SlackSecrets.Read(name => variables.FirstOrDefault(v => v.Name == name).Value);
}
