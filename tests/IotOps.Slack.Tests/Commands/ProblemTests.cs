using System.Globalization;

namespace IotOps.Slack.Tests.Commands;

public sealed class ProblemTests
{
    [Theory]
    [InlineData("-h telemetry today", "'-h' is no identifier", "h telemetry 2023/10/15 dev")]
    [InlineData("a//b telemetry today", "'a//b' is no identifier", "a/b telemetry 2023/10/15 dev")]
    [InlineData("client_id,x telemetry today", "client_id stands for every device, and not beside others", "x telemetry 2023/10/15 dev")]
    [InlineData("T telemetry today hours=10..8", "'10..8' are no hours", "T telemetry 2023/10/15 dev")]
    [InlineData("T telemetry today contains=\"a", "'contains' lacks its closing quote", "T telemetry 2023/10/15 dev contains=\"a\"")]
    [InlineData("T telemetry today matches=(", "'(' is no regular expression", "T telemetry 2023/10/15 dev")]
    [InlineData("T telemetry today hours=8..9 hours=9..10", "'hours' stands there twice", "T telemetry 2023/10/15 dev hours=08:00..09:00")]
    [InlineData("--identifier telemetry today", "'--identifier' is no identifier", "identifier telemetry 2023/10/15 dev")]
    [InlineData("../etc telemetry today", "is no identifier", "etc telemetry 2023/10/15 dev")]
    [InlineData("a;b telemetry today", "'a;b' is no identifier", "ab telemetry 2023/10/15 dev")]
    [InlineData("$(x) telemetry today", "'$(x)' is no identifier", "x telemetry 2023/10/15 dev")]
    [InlineData("デバイス telemetry today", "is no identifier", "THING00001 telemetry 2023/10/15 dev")]
    [InlineData("T telemtry today", "'telemtry'; did you mean telemetry? There are lifecycle, telemetry, command.", "T telemetry 2023/10/15 dev")]
    [InlineData("T telem today", "did you mean telemetry?", "T telemetry 2023/10/15 dev")]
    [InlineData("T comamnds today", "did you mean command?", "T command 2023/10/15 dev")]
    [InlineData("T telemetry,lifecylce today", "did you mean lifecycle?", "T lifecycle,telemetry 2023/10/15 dev")]
    [InlineData("T zzz today", "There is no category 'zzz' There are", "T lifecycle 2023/10/15 dev")]
    [InlineData("client_id telemetry today", "client_id stands for every device, which only lifecycle allows.", "client_id lifecycle 2023/10/15 dev")]
    [InlineData("client_id lifecycle,command today", "which only lifecycle allows", "client_id lifecycle 2023/10/15 dev")]
    [InlineData("T telemetry 2023/02/30", "'2023/02/30' is no date", "T telemetry 2023/02/28 dev")]
    [InlineData("T telemetry 2023/1/5", "is no date", "T telemetry 2023/01/05 dev")]
    [InlineData("T telemetry 2023.10.01", "is no date", "T telemetry 2023/10/01 dev")]
    [InlineData("T telemetry yestrday", "is no date", "T telemetry 2023/10/14 dev")]
    [InlineData("T telemetry 99999999", "is no date", "T telemetry 2023/10/15 dev")]
    [InlineData("T telemetry 2023/10/16", "2023/10/16 lies in the future: in UTC it is 2023/10/15.", "T telemetry 2023/10/15 dev")]
    [InlineData("T telemetry 2023/10/14..2023/10/20", "2023/10/20 lies in the future", "T telemetry 2023/10/14..2023/10/15 dev")]
    [InlineData("T telemetry 2024/10/14..2024/10/20", "lies in the future", "T telemetry 2023/10/15 dev")]
    [InlineData("T telemetry 2023/10/03..2023/10/01", "ends before it begins", "T telemetry 2023/10/01..2023/10/03 dev")]
    [InlineData("T telemetry 2023/09/14..2023/10/15", "are 32 days; 31 are the limit", "T telemetry 2023/09/14..2023/10/14 dev")]
    [InlineData("T telemetry 2023/10/01..", "lacks a day", "T telemetry 2023/10/01..2023/10/15 dev")]
    [InlineData("T telemetry ..", "lacks a day", "T telemetry 2023/10/15 dev")]
    [InlineData("T telemetry today pord", "There is no environment 'pord'; did you mean prod? There are dev, stg, prod.", "T telemetry 2023/10/15 prod")]
    [InlineData("T telemetry today zzz", "There is no environment 'zzz'", "T telemetry 2023/10/15 dev")]
    [InlineData("T telemetry today dev now", "'now' is one word too many", "T telemetry 2023/10/15 dev")]
    [InlineData("T telemetry", "The date is missing", "T telemetry 2023/10/15 dev")]
    [InlineData("T telemetry prod", "The date is missing", "T telemetry 2023/10/15 prod")]
    [InlineData("T", "The category is missing: lifecycle, telemetry, command.", "T lifecycle 2023/10/15 dev")]
    [InlineData("T today", "The category is missing", "T lifecycle 2023/10/15 dev")]
    [InlineData("T today prod", "The category is missing", "T lifecycle 2023/10/15 prod")]
    [InlineData("T 2023/10/01 telemetry prod", "The date '2023/10/01' stands before the category", "T telemetry 2023/10/01 prod")]
    [InlineData("T telemetry command 2023/10/01", "Categories are separated by commas", "T telemetry,command 2023/10/01 dev")]
    public void Each_problem_comes_with_the_command_to_paste(string text, string message, string corrected)
    {
        IReadOnlyList<LogExportProblem> problems = Fleet.Problems(text);
        problems.Select(p => p.Message).ShouldContain(m => m.Contains(message, StringComparison.Ordinal), string.Join('\n', problems));
        problems.ShouldAllBe(p => p.CorrectedCommand == "/iot-log " + corrected);
        Fleet.Text(problems[0].CorrectedCommand).ShouldBe(corrected);
    }

    [Fact]
    public void A_culture_with_other_dates_changes_nothing()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        var dotted = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        dotted.DateTimeFormat.DateSeparator = ".";
        CultureInfo.CurrentCulture = dotted;
        try
        {
            Fleet.Problems("T telemetry 2023/10/16")[0].ShouldBe(new LogExportProblem(
                "2023/10/16 lies in the future: in UTC it is 2023/10/15.", "/iot-log T telemetry 2023/10/15 dev"));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Everything_that_is_wrong_is_said_at_once() =>
        Fleet.Problems("--T telemtry 2023/13/01 pord").Select(p => p.Message.Split([' ', ','])[0] + p.Message.Length).Count().ShouldBe(4);

    [Fact]
    public void An_identifier_has_128_characters_at_most()
    {
        Fleet.Text(new string('x', 128) + " telemetry today").ShouldStartWith(new string('x', 128));
        Fleet.Problems(new string('x', 129) + " telemetry today")[0].CorrectedCommand.ShouldBe($"/iot-log {new string('x', 128)} telemetry 2023/10/15 dev");
    }

    [Fact]
    public void Where_there_is_no_default_the_environment_must_be_named() =>
        Fleet.Problems("T telemetry today", Fleet.Options with { DefaultEnvironment = null }).ShouldHaveSingleItem()
            .ShouldBe(new LogExportProblem("The environment is missing: dev, stg, prod.", "/iot-log T telemetry 2023/10/15 dev"));

    [Fact]
    public void Where_there_is_one_environment_it_cannot_be_named() =>
        Fleet.Problems("T telemetry today dev", Fleet.Options with { Environments = [], DefaultEnvironment = null }).ShouldHaveSingleItem()
            .CorrectedCommand.ShouldBe("/iot-log T telemetry 2023/10/15");

    [Fact]
    public void What_no_category_allows_is_not_proposed() =>
        Fleet.Problems("client_id telemetry today", Fleet.Options with { Categories = [new("telemetry")] }).ShouldHaveSingleItem()
            .CorrectedCommand.ShouldBe("/iot-log THING00001 telemetry 2023/10/15 dev");

    [Fact]
    public void A_long_text_is_refused_unread() => Fleet.Problems(new string('x', 2_001)).ShouldHaveSingleItem().Message.ShouldContain("2001 characters");

    [Fact]
    public void The_answer_shows_the_problems_and_the_command_and_escapes_what_was_typed()
    {
        SlackMessage message = LogExportCommand.Parse("&lt;!channel&gt; telemtry today", Fleet.Options).ToProblemMessage();
        message.Text.Mrkdwn.ShouldStartWith("'&lt;!channel&gt;' is no identifier");
        var sections = message.Blocks.Cast<SlackSection>().Select(s => s.Text.Mrkdwn).ToList();
        sections[0].ShouldContain("• '&lt;!channel&gt;' is no identifier");
        sections[0].ShouldContain("\n• There is no category 'telemtry'; did you mean telemetry?");
        sections[1].ShouldBe("Try `/iot-log channel telemetry 2023/10/15 dev`");
        Should.Throw<InvalidOperationException>(() => LogExportCommand.Parse("help", Fleet.Options).ToProblemMessage());
    }

    [Fact]
    public void Options_that_contradict_themselves_are_the_callers_bug()
    {
        foreach (LogExportCommandOptions bad in (LogExportCommandOptions[])
        [
            Fleet.Options with { Categories = [] },
            Fleet.Options with { Categories = [new("a"), new("b") { Aliases = ["A"] }] },
            Fleet.Options with { Categories = [new("a b")] },
            Fleet.Options with { Categories = [new("today")] },
            Fleet.Options with { Categories = [new("-a")] },
            Fleet.Options with { Environments = ["dev", "DEV"] },
            Fleet.Options with { DefaultEnvironment = "test" },
            Fleet.Options with { MaxDays = 0 },
            Fleet.Options with { CommandName = "iot-log" },
            Fleet.Options with { Categories = [.. Enumerable.Range(0, 60).Select(i => new LogExportCategory(new string('c', 38) + (i + 10)))] },
        ])
        {
            Should.Throw<ArgumentException>(() => LogExportCommand.Parse("help", bad));
        }
    }
}
