using IotOps.Archive.Layout;

namespace IotOps.Archive.Tests.Layout;

/// <summary>Days and folders by the clocks of a zone, which skip hours, show some twice and are off by quarters.</summary>
public sealed class TimeZoneTests
{
    [Theory]
    [InlineData("Europe/Berlin", "2023-10-01", "2023-09-30T22:00", "2023-10-01T22:00")]
    [InlineData("Europe/Berlin", "2023-10-29", "2023-10-28T22:00", "2023-10-29T23:00")] // 25 hours
    [InlineData("Europe/Berlin", "2023-03-26", "2023-03-25T23:00", "2023-03-26T22:00")] // 23 hours
    [InlineData("America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00", "2018-11-05T02:00")] // midnight does not exist
    [InlineData("America/Havana", "2023-11-05", "2023-11-05T04:00", "2023-11-06T05:00")] // midnight comes twice
    [InlineData("Asia/Kolkata", "2023-10-01", "2023-09-30T18:30", "2023-10-01T18:30")]
    [InlineData("Asia/Kathmandu", "2023-10-01", "2023-09-30T18:15", "2023-10-01T18:15")]
    [InlineData("Pacific/Kiritimati", "2023-10-01", "2023-09-30T10:00", "2023-10-01T10:00")]
    [InlineData("UTC", "2023-10-01", "2023-10-01T00:00", "2023-10-02T00:00")]
    public void A_day_is_from_its_first_moment_to_that_of_the_next(string zone, string day, string from, string to)
    {
        TimeWindow window = TimeWindow.Of(DateOnly.Parse(day), TimeZones.Find(zone));

        (window.From.ToString("yyyy-MM-dd'T'HH:mm"), window.To.ToString("yyyy-MM-dd'T'HH:mm")).ShouldBe((from, to));
        TimeWindow.Of(DateOnly.Parse(day).AddDays(1), TimeZones.Find(zone)).From.ShouldBe(window.To, "no moment between two days");
    }

    [Theory]
    [InlineData("2023-10-01", "08:00", "10:30", "2023-10-01T06:00", "2023-10-01T08:30")]
    [InlineData("2023-10-29", "02:00", "03:00", "2023-10-29T00:00", "2023-10-29T02:00")] // both hours that are shown as 2
    [InlineData("2023-03-26", "02:00", "03:00", "2023-03-26T01:00", "2023-03-26T01:00")] // none is
    public void Hours_are_those_that_the_clock_shows(string day, string from, string until, string start, string end)
    {
        TimeWindow window = TimeWindow.Of(DateOnly.Parse(day), TimeZones.Find("Europe/Berlin"), TimeOnly.Parse(from), TimeOnly.Parse(until));

        (window.From.ToString("yyyy-MM-dd'T'HH:mm"), window.To.ToString("yyyy-MM-dd'T'HH:mm")).ShouldBe((start, end));
    }

    [Theory]
    [InlineData("Europe/Berlin", 26, "2023/10/01/01/", "2023/10/02/02/")] // UTC's day is Berlin's 02:00 to 02:00
    [InlineData("Asia/Kolkata", 27, "2023/10/01/04/", "2023/10/02/06/")]
    [InlineData(null, 26, "2023/09/30/23/", "2023/10/02/00/")]
    public void Folders_are_named_by_the_category_s_own_clock(string? zone, int count, string first, string last)
    {
        string[] prefixes = Prefixes(zone, "{yyyy}/{MM}/{dd}/{HH}/", TimeWindow.Of(new DateOnly(2023, 10, 1), TimeZoneInfo.Utc));

        (prefixes.Length, prefixes[0], prefixes[^1]).ShouldBe((count, first, last));
        prefixes.Distinct(StringComparer.Ordinal).Count().ShouldBe(count);
    }

    [Fact]
    public void An_hour_that_is_shown_twice_has_one_folder_and_one_that_is_not_shown_has_none()
    {
        Prefixes("Europe/Berlin", "{dd}{MM}{yyyy}-{HH}/", TimeWindow.Of(new DateOnly(2023, 10, 29), TimeZones.Find("Europe/Berlin")), delay: 0).Length.ShouldBe(24);
        Prefixes("Europe/Berlin", "{dd}{MM}{yyyy}-{HH}/", TimeWindow.Of(new DateOnly(2023, 3, 26), TimeZones.Find("Europe/Berlin")), delay: 0).Length.ShouldBe(23);
    }

    [Theory]
    [InlineData("{yyyy}/{MM}/{dd}/", 2)]
    [InlineData("{yyyy}/{MM}/", 2)]
    [InlineData("{yyyy}/", 1)]
    public void Longer_folders_that_a_day_of_another_zone_touches_are_all_listed(string prefix, int count) =>
        Prefixes(null, prefix, TimeWindow.Of(new DateOnly(2023, 10, 1), TimeZones.Find("Asia/Tokyo")), delay: 0).Length.ShouldBe(count);

    [Theory]
    [InlineData("{yyyy}/{MM}/{dd}/", null, "Europe/Berlin", null, "a folder for each day in UTC")]
    [InlineData("{yyyy}/{MM}/{dd}/", "Europe/Berlin", null, null, "a folder for each day in Europe/Berlin")]
    [InlineData("{yyyy}/{MM}/{dd}/", null, null, "08:00", "a folder for each day in UTC")]
    [InlineData("{yyyy}/{MM}/{dd}/{HH}/", null, null, "08:30", "a folder for each hour in UTC")]
    [InlineData("{yyyy}/{MM}/{dd}/{HH}/", null, "Asia/Kolkata", null, "a folder for each hour in UTC")]
    [InlineData("{yyyy}/{MM}/{dd}/", "Europe/Berlin", "Europe/Berlin", null, null)]
    [InlineData("{yyyy}/{MM}/{dd}/{HH}/", null, null, "08:00", null)]
    [InlineData("{yyyy}/{MM}/{dd}/{HH}/", null, "Europe/Berlin", null, null)]
    [InlineData("", null, "Asia/Kolkata", "08:07", null)]
    public void A_time_that_folders_alone_cannot_tell_is_refused(string folders, string? zone, string? asked, string? from, string? refusal)
    {
        CategoryPrefix category = new LogLayout(new LogCategory { Name = "c", Prefix = "c/{identifier}/" + folders, TimeZone = zone }).Prefix("c");
        TimeWindow window = TimeWindow.Of(new DateOnly(2023, 10, 1), TimeZones.Find(asked), from is null ? null : TimeOnly.Parse(from));

        if (refusal is null)
        {
            category.CheckWindow(window);
        }
        else
        {
            Should.Throw<ArgumentException>(() => category.CheckWindow(window)).Message.ShouldContain(refusal);
        }
    }

    [Theory]
    [InlineData("Europe/Berln")]
    [InlineData("")]
    [InlineData("../etc/passwd")]
    public void A_zone_that_there_is_not_is_refused_when_the_layout_is_made(string zone) =>
        Should.Throw<ArgumentException>(() => new LogLayout(new LogCategory { Name = "c", Prefix = "c/{yyyy}/{MM}/{dd}/", TimeZone = zone })).Message.ShouldContain("is no time zone");

    private static string[] Prefixes(string? zone, string folders, TimeWindow window, int delay = 1) =>
    [
        .. new LogLayout(new LogCategory { Name = "c", Prefix = "{identifier}-" + folders, Time = "t", TimeZone = zone, DeliveryDelay = TimeSpan.FromHours(delay) })
            .Prefix("c").Listings("x", window).Select(l => l.Prefix["x-".Length..]),
    ];
}
