namespace IotOps.Slack.Tests.Commands;

public sealed class VerbTests
{
    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("help")]
    [InlineData("HELP")]
    [InlineData("?")]
    [InlineData("--help")]
    [InlineData("—help")]
    [InlineData("help me")]
    [InlineData("/iot-log help")]
    public void Help_is_asked_for_in_many_ways(string text)
    {
        LogExportCommand command = LogExportCommand.Parse(text, Fleet.Options).Command!;
        command.ShouldBe(new LogExportHelp());
        command.ToString().ShouldBe("help");
    }

    [Fact]
    public void Link_status_and_revoke_take_the_id_of_an_export()
    {
        Fleet.Text("link iot-log_20231001-THING00001").ShouldBe("link iot-log_20231001-THING00001");
        Fleet.Text("Status 42").ShouldBe("status 42");
        ((LogExportStatus)LogExportCommand.Parse("status 42", Fleet.Options).Command!).Id.ShouldBe("42");
        Fleet.Text("REVOKE 42").ShouldBe("revoke 42");
        ((LogExportRevoke)LogExportCommand.Parse("revoke 42", Fleet.Options).Command!).Id.ShouldBe("42");
        ((LogExportLink)LogExportCommand.Parse("link 42", Fleet.Options).Command!).Id.ShouldBe("42");
        Fleet.Text("link " + new string('x', 128)).Length.ShouldBe(133);
    }

    [Theory]
    [InlineData("status", "'status' needs the id of an export", "/iot-log help")]
    [InlineData("link", "'link' needs the id of an export", "/iot-log help")]
    [InlineData("status 4/2", "'4/2' is no id", "/iot-log status 42")]
    [InlineData("status -42", "'-42' is no id", "/iot-log status 42")]
    [InlineData("revoke", "'revoke' needs the id of an export", "/iot-log help")]
    [InlineData("revoke 4/2", "'4/2' is no id", "/iot-log revoke 42")]
    [InlineData("link ../../x", "'../../x' is no id", "/iot-log link x")]
    [InlineData("link ///", "'///' is no id", "/iot-log help")]
    public void What_is_no_id_is_refused(string text, string message, string corrected)
    {
        LogExportProblem problem = Fleet.Problems(text).ShouldHaveSingleItem();
        problem.Message.ShouldContain(message);
        problem.CorrectedCommand.ShouldBe(corrected);
    }

    [Fact]
    public void Help_says_all_that_may_be_asked_for()
    {
        SlackMessage help = LogExportHelp.ToMessage(Fleet.Options);
        string all = string.Join('\n', help.Blocks.OfType<SlackSection>().Select(s => s.Text.Mrkdwn));
        all.ShouldBe(
            """
            `/iot-log IDENTIFIER CATEGORY[,CATEGORY] DATE[..DATE] [ENVIRONMENT]`
            *Identifier*: a thing name, a client id, a certificate id, several of them with commas, or client_id for every device
            *Category*: lifecycle, telemetry, command (commands, cmd)
            *Date*: UTC, 2023/10/14, today, yesterday, -2d, or two of them with .. between, at most 31 days
            *Filters*: `hours=08:00..10:30` of each day, `contains="some text"`, `matches="err(or)?"`
            *Environment*: dev, stg, prod; dev when left out
            `/iot-log THING00001 lifecycle 2023/10/14 dev`
            `/iot-log THING00001 lifecycle,telemetry -2d..today dev`
            `/iot-log client_id lifecycle yesterday dev`
            `/iot-log status ID`
            `/iot-log link ID`
            `/iot-log revoke ID`
            """.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void The_examples_of_help_are_accepted()
    {
        foreach (LogExportCommandOptions options in (LogExportCommandOptions[])[Fleet.Options, Fleet.Options with { DefaultEnvironment = null }, Fleet.Options with { Environments = [], DefaultEnvironment = null }])
        {
            foreach (string example in ((SlackSection)LogExportHelp.ToMessage(options).Blocks[2]).Text.Mrkdwn.Split('\n'))
            {
                LogExportCommand.Parse(example.Trim('`'), options).Problems.ShouldBeEmpty(example);
            }
        }
    }
}
