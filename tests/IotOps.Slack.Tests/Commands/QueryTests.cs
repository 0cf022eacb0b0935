namespace IotOps.Slack.Tests.Commands;

public sealed class QueryTests
{
    private const string Certificate = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    [Fact]
    public void The_example_of_the_manual()
    {
        var query = (LogExportQuery)LogExportCommand.Parse("THING00001 telemetry,command 2023/10/01 dev", Fleet.Options).Command!;
        query.Identifier.ShouldBe("THING00001");
        query.Kind.ShouldBe(LogExportIdentifierKind.Device);
        query.Categories.ShouldBe(["telemetry", "command"]);
        query.From.ShouldBe(new DateOnly(2023, 10, 1));
        query.To.ShouldBe(new DateOnly(2023, 10, 1));
        query.Environment.ShouldBe("dev");
        query.Start.ShouldBe(new DateTimeOffset(2023, 10, 1, 0, 0, 0, TimeSpan.Zero));
        query.End.ShouldBe(new DateTimeOffset(2023, 10, 2, 0, 0, 0, TimeSpan.Zero));
        query.Window.ShouldBe("2023-10-01 00:00 to 2023-10-02 00:00 UTC");
        query.Date.ShouldBe("2023/10/01");
        query.ToString().ShouldBe("THING00001 telemetry,command 2023/10/01 dev");
    }

    [Theory]
    [InlineData("THING00001 telemetry 2023/10/01", "THING00001 telemetry 2023/10/01 dev")]
    [InlineData("THING00001 telemetry 2023/10/01 prod", "THING00001 telemetry 2023/10/01 prod")]
    [InlineData("THING00001 telemetry 2023/10/01 PROD", "THING00001 telemetry 2023/10/01 prod")]
    [InlineData("THING00001 commands 2023/10/01", "THING00001 command 2023/10/01 dev")]
    [InlineData("THING00001 CMD,Telemetry,commands 2023/10/01", "THING00001 telemetry,command 2023/10/01 dev")]
    [InlineData("THING00001 command,lifecycle,telemetry 2023/10/01", "THING00001 lifecycle,telemetry,command 2023/10/01 dev")]
    [InlineData("THING00001 telemetry,,command, 2023/10/01", "THING00001 telemetry,command 2023/10/01 dev")]
    [InlineData("/iot-log THING00001 telemetry 2023/10/01", "THING00001 telemetry 2023/10/01 dev")]
    [InlineData("  THING00001\ttelemetry\n2023/10/01  ", "THING00001 telemetry 2023/10/01 dev")]
    [InlineData("a:b_c-9 telemetry today", "a:b_c-9 telemetry 2023/10/15 dev")]
    [InlineData("client_id lifecycle today", "client_id lifecycle 2023/10/15 dev")]
    [InlineData("help telemetry today", "help telemetry 2023/10/15 dev")]
    [InlineData("status telemetry today", "status telemetry 2023/10/15 dev")]
    public void A_query_has_one_canonical_text(string text, string expected) => Fleet.Text(text).ShouldBe(expected);

    [Theory]
    [InlineData("2023/10/01", "2023/10/01")]
    [InlineData("2023-10-01", "2023/10/01")]
    [InlineData("20231001", "2023/10/01")]
    [InlineData("today", "2023/10/15")]
    [InlineData("Today", "2023/10/15")]
    [InlineData("yesterday", "2023/10/14")]
    [InlineData("-0d", "2023/10/15")]
    [InlineData("-2d", "2023/10/13")]
    [InlineData("-15D", "2023/09/30")]
    [InlineData("2024/02/29..2024/02/29", null)]
    [InlineData("2020/02/29", "2020/02/29")]
    [InlineData("2023/10/01..2023-10-03", "2023/10/01..2023/10/03")]
    [InlineData("20231001..20231001", "2023/10/01")]
    [InlineData("-2d..today", "2023/10/13..2023/10/15")]
    [InlineData("2023/10/14..yesterday", "2023/10/14")]
    [InlineData("2023/09/15..2023/10/15", "2023/09/15..2023/10/15")]
    [InlineData("2023/10/01 .. 2023/10/03", "2023/10/01..2023/10/03")]
    [InlineData("2023/10/01.. 2023/10/03", "2023/10/01..2023/10/03")]
    [InlineData("2023/10/01 ..2023/10/03", "2023/10/01..2023/10/03")]
    [InlineData("2023/10/01...2023/10/03", "2023/10/01..2023/10/03")]
    [InlineData("2023/10/01…2023/10/03", "2023/10/01..2023/10/03")]
    public void Dates_are_utc_in_any_of_their_forms(string date, string? expected)
    {
        if (expected is null)
        {
            Fleet.Problems($"THING00001 telemetry {date}");
            return;
        }

        Fleet.Text($"THING00001 telemetry {date}").ShouldBe($"THING00001 telemetry {expected} dev");
    }

    [Fact]
    public void A_range_covers_its_last_day()
    {
        var query = (LogExportQuery)LogExportCommand.Parse("T telemetry 2023/09/30..2023/10/02", Fleet.Options).Command!;
        query.Window.ShouldBe("2023-09-30 00:00 to 2023-10-03 00:00 UTC");
    }

    [Fact]
    public void A_certificate_id_is_64_hexadecimal_digits_in_lower_case()
    {
        var query = (LogExportQuery)LogExportCommand.Parse(Certificate + " telemetry today", Fleet.Options).Command!;
        query.Kind.ShouldBe(LogExportIdentifierKind.Certificate);
        query.Identifier.ShouldBe(Certificate);
        ((LogExportQuery)LogExportCommand.Parse(Certificate[1..] + " telemetry today", Fleet.Options).Command!).Kind.ShouldBe(LogExportIdentifierKind.Device);
    }

    [Fact]
    public void Client_id_is_every_device() =>
        ((LogExportQuery)LogExportCommand.Parse("client_id lifecycle -1d", Fleet.Options).Command!).Kind.ShouldBe(LogExportIdentifierKind.EveryDevice);

    [Fact]
    public void Without_environments_a_query_names_none()
    {
        var query = (LogExportQuery)LogExportCommand.Parse("T telemetry today", Fleet.Options with { Environments = [], DefaultEnvironment = null }).Command!;
        query.Environment.ShouldBeNull();
        query.ToString().ShouldBe("T telemetry 2023/10/15");
    }

    [Fact]
    public void Requests_are_compared_by_what_they_ask_for()
    {
        LogExportCommand one = LogExportCommand.Parse("T telemetry,command today", Fleet.Options).Command!;
        LogExportCommand same = LogExportCommand.Parse("T commands,telemetry 20231015 dev", Fleet.Options).Command!;
        same.ShouldBe(one);
        same.GetHashCode().ShouldBe(one.GetHashCode());
        LogExportCommand.Parse("T telemetry today", Fleet.Options).Command.ShouldNotBe(one);
    }

    [Theory]
    [InlineData("fleet.eu/THING00001@home")]
    [InlineData("-THING00001")]
    [InlineData("-2d")]
    [InlineData("0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF")]
    public void Whatever_AWS_takes_as_a_client_id_is_kept_as_typed(string identifier)
    {
        var query = (LogExportQuery)LogExportCommand.Parse(identifier + " telemetry today", Fleet.Options).Command!;

        (query.Identifier, query.Kind).ShouldBe((identifier, LogExportIdentifierKind.Device));
    }

    [Fact]
    public void Several_devices_are_separated_by_commas()
    {
        var query = (LogExportQuery)LogExportCommand.Parse("THING00001 , THING00002,THING00001 telemetry today", Fleet.Options).Command!;

        query.Identifier.ShouldBe("THING00001");
        query.OtherIdentifiers.ShouldBe(["THING00002"]);
        query.ToString().ShouldBe("THING00001,THING00002 telemetry 2023/10/15 dev");
    }

    [Theory]
    [InlineData("T telemetry today hours=8..10:30", "T telemetry 2023/10/15 dev hours=08:00..10:30")]
    [InlineData("T telemetry HOURS=22:00..24:00 today", "T telemetry 2023/10/15 dev hours=22:00..")]
    [InlineData("T telemetry today contains=timeout dev", "T telemetry 2023/10/15 dev contains=\"timeout\"")]
    [InlineData("T telemetry today contains=“low battery, 3 %”", "T telemetry 2023/10/15 dev contains=\"low battery, 3 %\"")]
    [InlineData("T telemetry today matches='\"err(or)?\": [0-9]+'", "T telemetry 2023/10/15 dev matches='\"err(or)?\": [0-9]+'")]
    [InlineData("contains=\"a &lt; b\" T telemetry today", "T telemetry 2023/10/15 dev contains=\"a &lt; b\"")]
    public void Hours_and_text_may_stand_anywhere(string text, string canonical)
    {
        LogExportCommand command = LogExportCommand.Parse(text, Fleet.Options).Command!;

        command.ToString().ShouldBe(canonical);
        LogExportCommand.Parse(canonical, Fleet.Options).Command.ShouldBe(command);
    }

    [Fact]
    public void Text_is_what_the_user_typed()
    {
        var query = (LogExportQuery)LogExportCommand.Parse("T telemetry today contains=\"a &lt; b\" matches=x+ hours=..06:00", Fleet.Options).Command!;

        (query.Contains, query.Matches, query.FromTime, query.UntilTime).ShouldBe(("a < b", "x+", null, new TimeOnly(6, 0)));
    }

    [Theory]
    [InlineData("T telemetry 2023/10/01 – 2023/10/02")]
    [InlineData("T telemetry 2023/10/01 - 2023/10/02")]
    [InlineData("T telemetry 2023/10/01 — 2023/10/02 dev")]
    public void A_dash_with_blanks_around_it_is_a_range(string text) =>
        Fleet.Text(text).ShouldBe("T telemetry 2023/10/01..2023/10/02 dev");
}
