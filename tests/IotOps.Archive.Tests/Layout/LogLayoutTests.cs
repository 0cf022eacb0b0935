using IotOps.Archive.Layout;

namespace IotOps.Archive.Tests.Layout;

public sealed class LogLayoutTests
{
    private static readonly DateOnly Day = new(2023, 10, 1);

    [Fact]
    public void A_folder_a_device_and_day_is_listed_alone()
    {
        Prefixes(new LogCategory { Name = "command", Prefix = "commands/{identifier}/{yyyy}/{MM}/{dd}/" })
            .ShouldBe(["commands/THING00001/2023/10/01/"]);
    }

    [Fact]
    public void Firehose_folders_are_listed_an_hour_before_and_behind_the_day()
    {
        string[] prefixes = Prefixes(new LogCategory
        {
            Name = "telemetry",
            Prefix = "{category}/{yyyy}/{MM}/{dd}/{HH}/",
            Identifier = "thingName",
            Time = "timestamp",
            DeliveryDelay = TimeSpan.FromHours(1),
        });

        prefixes.Length.ShouldBe(26);
        prefixes[0].ShouldBe("telemetry/2023/09/30/23/");
        prefixes[1].ShouldBe("telemetry/2023/10/01/00/");
        prefixes[^1].ShouldBe("telemetry/2023/10/02/00/");
    }

    [Fact]
    public void A_delay_of_minutes_still_reads_the_whole_neighbouring_hour()
    {
        string[] prefixes = Prefixes(new LogCategory
        {
            Name = "t",
            Prefix = "t/{yyyy}{MM}{dd}-{HH}/",
            Identifier = "i",
            Time = "ts",
            DeliveryDelay = TimeSpan.FromMinutes(5),
        });

        (prefixes[0], prefixes[^1], prefixes.Length).ShouldBe(("t/20230930-23/", "t/20231002-00/", 26));
    }

    [Theory]
    [InlineData("l/{identifier}/{yyyy}/{MM}/", "l/THING00001/2023/10/")]
    [InlineData("l/{identifier}/{yyyy}/", "l/THING00001/2023/")]
    public void Longer_folders_are_listed_whole(string prefix, string expected) =>
        Prefixes(new LogCategory { Name = "l", Prefix = prefix, Time = "t" }).ShouldBe([expected]);

    [Theory]
    [InlineData("0001-01-01")]
    [InlineData("9999-12-31")]
    public void The_ends_of_the_calendar_have_no_neighbours(string day)
    {
        var category = new LogCategory { Name = "t", Prefix = "t/{yyyy}/{MM}/{dd}/{HH}/", Identifier = "i", Time = "ts", DeliveryDelay = TimeSpan.FromHours(1) };
        new LogLayout(category).Prefix("t").Listings("x", TimeWindow.Of(DateOnly.Parse(day), TimeZoneInfo.Utc)).Count.ShouldBe(25);
    }

    [Fact]
    public void Objects_named_after_milliseconds_are_listed_from_the_day_s_start_and_until_its_end()
    {
        var layout = new LogLayout(new LogCategory { Name = "telemetry", Prefix = "{category}/{identifier}/" });

        var listing = layout.Prefix("telemetry").Listings("THING00001", TimeWindow.Of(Day, TimeZoneInfo.Utc)).ShouldHaveSingleItem();

        listing.StartAfter.ShouldBe("telemetry/THING00001/1696118399999");
        string[] judged =
        [
            .. new[] { "1696118399999.json", "1696118400000", "1696204799999-a", "169611840000", "notes.txt", "1696204800000", "16962048000001" }
                .Select(name => $"{name}: {listing.Judge("telemetry/THING00001/" + name)}"),
        ];
        judged.ShouldBe(
        [
            "1696118399999.json: Unwanted",
            "1696118400000: Wanted",
            "1696204799999-a: Wanted",
            "169611840000: Unwanted",
            "notes.txt: BehindTheEnd",
            "1696204800000: BehindTheEnd",
            "16962048000001: Unwanted",
        ]);
    }

    [Fact]
    public void A_category_is_found_by_its_name_and_by_its_aliases_in_any_case()
    {
        var layout = new LogLayout(new LogCategory { Name = "command", Aliases = ["commands", "cmd"], Prefix = "commands/{identifier}/{yyyy}/{MM}/{dd}/" });

        layout.Find("Commands").ShouldBe(layout.Categories[0]);
        layout.Find("cmd").ShouldBe(layout.Categories[0]);
        layout.Find("telemetry").ShouldBeNull();
        layout.Prefix("commands").EntryName(Day).ShouldBe("command_20231001.log");
    }

    [Theory]
    [InlineData("t/{day}/", "{day}")]
    [InlineData("t/{yyyy/", "brace")]
    [InlineData("t/yyyy}/", "brace")]
    [InlineData("t/{MM}/", "larger")]
    [InlineData("t/{yyyy}/{dd}/", "larger")]
    [InlineData("t/{yyyy}/{MM}/{dd}/{identifier}", "THING10")]
    [InlineData("t/{identifier}{yyyy}/", "THING10")]
    [InlineData("", "whole bucket")]
    public void A_prefix_that_would_read_the_wrong_objects_is_refused_with_the_reason(string prefix, string reason) =>
        Should.Throw<ArgumentException>(() => new LogLayout(new LogCategory { Name = "t", Prefix = prefix })).Message.ShouldContain(reason);

    [Fact]
    public void A_delay_needs_the_records_own_time() =>
        Should.Throw<ArgumentException>(() => new LogLayout(new LogCategory { Name = "t", Prefix = "t/{yyyy}/{MM}/{dd}/", DeliveryDelay = TimeSpan.FromHours(1) }))
            .Message.ShouldContain("Time must name");

    [Fact]
    public void Two_categories_cannot_share_a_name() =>
        Should.Throw<ArgumentException>(() => new LogLayout(
            new LogCategory { Name = "a", Prefix = "a/{yyyy}/{MM}/{dd}/" }, new LogCategory { Name = "b", Aliases = ["A"], Prefix = "b/{yyyy}/{MM}/{dd}/" }))
            .Message.ShouldContain("'A'");

    [Fact]
    public void Every_device_can_be_asked_for_only_where_they_lie_together()
    {
        var layout = new LogLayout(
            new LogCategory { Name = "lifecycle", Prefix = "lifecycle/{yyyy}/{MM}/{dd}/", Identifier = "clientId" },
            new LogCategory { Name = "command", Prefix = "commands/{identifier}/{yyyy}/{MM}/{dd}/" },
            new LogCategory { Name = "audit", Prefix = "audit/{yyyy}/{MM}/{dd}/" });

        layout.Prefix("lifecycle").CheckIdentifier(LogLayout.AllDevices);
        layout.Prefix("lifecycle").Filter(LogLayout.AllDevices, TimeWindow.Of(Day, TimeZoneInfo.Utc)).ShouldBeNull();
        Should.Throw<ArgumentException>(() => layout.Prefix("command").CheckIdentifier(LogLayout.AllDevices)).Message.ShouldContain("name one device");
        Should.Throw<ArgumentException>(() => layout.Prefix("audit").CheckIdentifier("THING00001")).Message.ShouldContain("client_id");
    }

    private static string[] Prefixes(LogCategory category) =>
        [.. new LogLayout(category).Prefix(category.Name).Listings("THING00001", TimeWindow.Of(Day, TimeZoneInfo.Utc)).Select(l => l.Prefix)];
}
