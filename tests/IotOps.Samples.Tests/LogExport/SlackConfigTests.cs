using IotOps.Archive;
using IotOps.Samples.CommandLine;
using IotOps.Samples.Configuration;
using IotOps.Samples.LogExport;
using IotOps.Samples.LogExport.Serving;
using Microsoft.Extensions.Logging.Abstractions;

namespace IotOps.Samples.Tests.LogExport;

public sealed class SlackConfigTests
{
    [Fact]
    public void Without_a_word_answers_go_to_Slack_alone()
    {
        SlackConfig config = Read("{}");

        config.ResponseHosts.ShouldBe(["hooks.slack.com"]);
        config.Command.ShouldBe("/iot-log");
        config.EveryDevice.ShouldBe(["lifecycle"]);
        config.ApiUrl.AbsoluteUri.ShouldBe("https://slack.com/api/");
    }

    [Fact]
    public void What_is_said_holds()
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
    public void A_mistake_is_told(string slack, string problem) =>
        Should.Throw<ConfigException>(() => Read(slack)).Message.ShouldContain(problem);

    [Fact]
    public void Several_signing_secrets_stand_behind_one_another_during_a_rotation()
    {
        SlackSecrets secrets = Secrets(("SLACK_SIGNING_SECRET", "new, old,"), ("SLACK_BOT_TOKEN", "xoxb-1"));

        secrets.SigningSecrets.ShouldBe(["new", "old"]);
        secrets.BotToken.ShouldBe("xoxb-1");
        secrets.ToString().ShouldBe("2 signing secrets, a bot token");
    }

    [Fact]
    public void Without_a_signing_secret_nothing_is_served() =>
        Should.Throw<UsageException>(() => Secrets(("SLACK_SIGNING_SECRET", " , "))).Message.ShouldContain("Basic Information");

    [Fact]
    public void A_queue_that_one_of_the_environments_lacks_is_told_before_anybody_asks_for_it()
    {
        ExportConfig Config(string? environment) => ConfigFile.Parse("export.json5", """
            { categories: { command: { prefix: 'commands/' } },
              environments: { dev: { bucket: 'dev', jobQueue: 'q', jobDefinition: 'd' }, prod: { bucket: 'prod', jobQueue: 'q' } } }
            """, document => ExportConfigFile.Read(document, environment));

        Should.Throw<InvalidOperationException>(() => new SlackHost(Config, Secrets(("SLACK_SIGNING_SECRET", "x")), runsLocally: false, sharesReplays: false, 1, NullLoggerFactory.Instance))
            .Message.ShouldBe("jobQueue or jobDefinition is missing in the environment 'prod' of the configuration; without AWS Batch use --runner local.");
    }

    [Fact]
    public void A_command_that_nobody_can_type_is_told_at_the_start()
    {
        static ExportConfig Config(string? environment) => ConfigFile.Parse("export.json5", """
            { bucket: 'b', jobQueue: 'q', jobDefinition: 'd', categories: { command: { prefix: 'commands/' } }, slack: { command: 'iot-log' } }
            """, document => ExportConfigFile.Read(document, environment));

        Should.Throw<ArgumentException>(() => new SlackHost(Config, Secrets(("SLACK_SIGNING_SECRET", "x")), runsLocally: false, sharesReplays: false, 1, NullLoggerFactory.Instance))
            .Message.ShouldContain("a CommandName such as /iot-log");
    }

    [Fact]
    public void A_bucket_is_a_must_only_where_no_environment_has_one()
    {
        var all = new ExportConfig { Bucket = "", Output = "slack", LinkValidity = TimeSpan.FromHours(1), Layout = new LogLayout(new LogCategory { Name = "command", Prefix = "commands/" }) };

        Should.Throw<UsageException>(() => all.WithBucket()).Message.ShouldContain("LOGEXPORT_BUCKET");
        Should.Throw<UsageException>(() => (all with { Environments = ["dev", "prod"] }).WithBucket()).Message.ShouldContain("choose one of dev, prod");
        (all with { Bucket = "b" }).WithBucket().Bucket.ShouldBe("b");
    }

    private static SlackConfig Read(string slack) => ConfigFile.Parse("export.json5", slack, document => SlackConfig.Read(document, ["dev"]));

    private static SlackSecrets Secrets(params (string Name, string Value)[] variables) =>
        SlackSecrets.Read(name => variables.FirstOrDefault(v => v.Name == name).Value);
}
