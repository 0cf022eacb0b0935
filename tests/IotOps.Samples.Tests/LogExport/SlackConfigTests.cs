using IotOps.Samples.CommandLine;
using IotOps.Samples.Configuration;
using IotOps.Samples.LogExport;
using IotOps.Samples.LogExport.Serving;

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

    private static SlackConfig Read(string slack) => ConfigFile.Parse("export.json5", slack, document => SlackConfig.Read(document, ["dev"]));

    private static SlackSecrets Secrets(params (string Name, string Value)[] variables) =>
        SlackSecrets.Read(name => variables.FirstOrDefault(v => v.Name == name).Value);
}
