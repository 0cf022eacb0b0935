using FsCheck;
using FsCheck.Fluent;

namespace IotOps.Slack.Tests.Commands;

public sealed class ParserProperties
{
    private static readonly Config Quick = Config.QuickThrowOnFailure.WithMaxTest(5_000).WithReplay(20_231_001, 1);

    private static readonly Gen<string> Pieces = Gen.OneOf(
        Gen.Elements(
            "THING00001", "client_id", "help", "status", "link", "revoke", "hours=8..10", "contains=", "matches=\"", "a/b", "..", "@", "THING00001,b", "telemetry", "command", "commands", "lifecycle", "telem", "today", "yesterday", "-2d", "-99999d", "2023/10/01",
            "2023-09-01", "20231031", "0001/01/01", "9999/12/31", "2023/02/31", "..", "...", ",", " , ", " ", " ", "  ", "dev", "prod", "pord", "/iot-log", "<", ">", "|", "<@U1|x>", "&lt;", "&amp;", "…", "—",
            "“", "`", "'", "\u200b", "\u3000", "２", "\ud83d", "\0", "-", "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"),
        ArbMap.Default.GeneratorFor<string>().Select(s => s ?? ""));

    private static readonly Gen<string> Texts = Gen.OneOf(
        Pieces.ListOf().Select(string.Concat),
        Pieces.ListOf().Select(pieces => string.Join(' ', pieces)),
        ArbMap.Default.GeneratorFor<string>().Select(s => s ?? ""));

    private static readonly Gen<string> Queries =
        from identifier in Gen.OneOf(
            Gen.Elements("abcXYZ019:_-".ToCharArray()).NonEmptyListOf().Select(l => "T" + string.Concat(l.Take(127))),
            Gen.Elements("help", "status", "link", "today", "telemetry", "dev", "client_id", new string('A', 64)))
        from categories in Gen.Elements("telemetry", "command", "commands", "cmd", "LIFECYCLE").NonEmptyListOf()
        from separator in Gen.Elements(",", ", ", " ,", "，")
        from first in Gen.Choose(0, 40)
        from length in Gen.Choose(0, 30)
        from environment in Gen.Elements("", "dev", " stg", " prod")
        from filter in Gen.Elements("", " hours=8..10", " hours=..06:30", " contains=\"low battery, 3\"", " matches='a \"b\"'", " contains=x matches=[0-9]+ hours=00:00..24:00")
        from others in Gen.Elements("", ",b", ",b,c.d/e@f")
        let to = new DateOnly(2023, 10, 15).AddDays(-first)
        let date = length == 0 ? $"{to:yyyyMMdd}" : $"{to.AddDays(-length):yyyy-MM-dd}..{to:yyyy/MM/dd}"
        select $"{identifier}{(identifier == "client_id" ? "" : others)} {(identifier == "client_id" ? "lifecycle" : string.Join(separator, categories))} {date} {environment}{filter}";

    [Fact]
    public void Whatever_is_typed_gets_a_command_or_problems() =>
        Check.One(Quick, Prop.ForAll(Texts.ToArbitrary(), text =>
        {
            LogExportParseResult result = LogExportCommand.Parse(text, Fleet.Options);
            result.IsCommand.ShouldBe(result.Problems.Count == 0);
        }));

    [Fact]
    public void Every_correction_is_accepted() =>
        Check.One(Quick, Prop.ForAll(Texts.ToArbitrary(), text =>
        {
            LogExportParseResult result = LogExportCommand.Parse(text, Fleet.Options);
            foreach (LogExportProblem problem in result.Problems)
            {
                LogExportCommand.Parse(problem.CorrectedCommand, Fleet.Options).Problems.ShouldBeEmpty(problem.ToString());
            }

            if (result.Problems.Count > 0)
            {
                SlackResponse.Ephemeral(result.ToProblemMessage()).ToUtf8Json().Length.ShouldBeLessThan(13_000);
            }
        }));

    [Fact]
    public void What_is_written_reads_back_equal() =>
        Check.One(Quick, Prop.ForAll(Gen.OneOf(Texts, Queries).ToArbitrary(), text =>
        {
            if (LogExportCommand.Parse(text, Fleet.Options).Command is { } command)
            {
                LogExportCommand.Parse(command.ToString()!, Fleet.Options).Command.ShouldBe(command);
            }
        }));

    [Fact]
    public void Every_query_that_keeps_the_rules_is_accepted() =>
        Check.One(Quick, Prop.ForAll(Queries.ToArbitrary(), text => LogExportCommand.Parse(text, Fleet.Options).Command.ShouldBeOfType<LogExportQuery>(text)));

    [Fact]
    public void What_is_accepted_is_safe_as_an_argument() =>
        Check.One(Quick, Prop.ForAll(Gen.OneOf(Texts, Queries).ToArbitrary(), text =>
        {
            if (LogExportCommand.Parse(text, Fleet.Options).Command is LogExportQuery query)
            {
                foreach (string identifier in (string[])[query.Identifier, .. query.OtherIdentifiers])
                {
                    identifier.ShouldMatch("^[a-zA-Z0-9:_./@#+-]{1,128}$");
                    identifier.ShouldNotStartWith("--");
                    (identifier == "-h").ShouldBeFalse();
                    $"/{identifier}/".ShouldNotMatch("/[.]{0,2}/");
                }

                query.To.ShouldBeLessThanOrEqualTo(new DateOnly(2023, 10, 15));
                query.From.ShouldBeLessThanOrEqualTo(query.To);
                (query.To.DayNumber - query.From.DayNumber).ShouldBeLessThan(31);
            }
        }));
}
