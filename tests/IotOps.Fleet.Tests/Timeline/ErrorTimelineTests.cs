using IotOps.TestKit;

namespace IotOps.Fleet.Tests.Timeline;

public sealed class ErrorTimelineTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.Parse("2023-09-01T00:00:00Z");

    private readonly ErrorTimeline _timeline = Timeline();

    [Fact]
    public void Buckets_between_have_no_errors_and_are_there()
    {
        Add(0);
        Add(299.999);
        Add(300);
        Add(1_200);

        _timeline.Buckets().Select(bucket => ((bucket.Start - Start).TotalMinutes, bucket.Errors)).ShouldBe([(0, 2), (5, 1), (10, 0), (15, 0), (20, 1)]);
        _timeline.Buckets().Select(bucket => bucket.IsOpen).ShouldBe([false, false, false, true, true]);
    }

    [Fact]
    public void An_error_that_comes_late_is_counted_where_it_belongs_and_one_of_a_dropped_bucket_is_told()
    {
        ErrorTimeline timeline = Timeline(new ErrorTimelineOptions { MaxBuckets = 3 });
        timeline.Add(Error(3_600));
        timeline.Add(Error(3_100));
        timeline.Add(Error(2_000));

        timeline.Buckets().Select(bucket => bucket.Errors).ShouldBe([1, 0, 1]);
        timeline.Statistics.ShouldBe(new ErrorTimelineStatistics(Errors: 2, Late: 1, TooLate: 1, WithoutTime: 0, Other: 0));
    }

    [Fact]
    public void A_wrong_time_costs_only_its_own_entry()
    {
        Add(0);
        _timeline.Add(Error(0) with { Time = DateTimeOffset.MaxValue });
        _timeline.Add(Error(0) with { Time = null });

        (_timeline.Statistics.Errors, _timeline.Statistics.WithoutTime, _timeline.Buckets().Count).ShouldBe((1, 2, 1));
    }

    [Fact]
    public void A_bucket_leads_to_its_groups_and_those_to_whoever_has_most_of_them()
    {
        for (int i = 0; i < 10; i++)
        {
            _timeline.Add(Error(i) with { ClientId = i < 7 ? "THING00001" : $"c{i}", SourceIp = "192.0.2.7", Rule = "r", Principal = "p", Details = $"Timed out after {i} ms" });
        }

        _timeline.Add(Error(10) with { EventType = "RuleExecution", Reason = null, Details = "Timed out after 3 ms" });

        IReadOnlyList<ErrorGroup> groups = _timeline.Groups(Start, Start.AddMinutes(5));
        groups.Select(group => (group.ToString(), group.Errors)).ShouldBe([("Connect R: Timed out after <NUM> ms", 10), ("RuleExecution: Timed out after <NUM> ms", 1)]);
        groups[0].Clients[0].ShouldBe(new ErrorShare("THING00001", 7, 7));
        (groups[0].Addresses[0].Value, groups[0].Rules[0].Value, groups[0].Principals[0].Errors).ShouldBe(("192.0.2.7", "r", 10));
        _timeline.Groups(Start.AddMinutes(5), Start.AddMinutes(10)).ShouldBeEmpty();
    }

    [Fact]
    public void The_most_frequent_of_many_values_is_found_and_its_count_bounded()
    {
        for (int i = 0; i < 3_000; i++)
        {
            _timeline.Add(Error(0) with { ClientId = i % 3 == 0 ? "loud" : $"c{i}" });
        }

        ErrorShare loud = _timeline.Groups(Start, Start.AddMinutes(5)).Single().Clients[0];
        loud.Value.ShouldBe("loud");
        loud.Errors.ShouldBeGreaterThanOrEqualTo(1_000);
        loud.AtLeast.ShouldBeLessThanOrEqualTo(1_000);
    }

    [Fact]
    public void A_surge_is_told_with_the_group_that_grew()
    {
        for (int minute = 0; minute < 60; minute++)
        {
            Add(minute * 60);
        }

        for (int i = 0; i < 80; i++)
        {
            _timeline.Add(Error(3_600 + (i * 7)) with { Reason = "AUTHORIZATION_FAILURE", Details = "denied" });
        }

        ErrorSurge surge = _timeline.Surges().ShouldHaveSingleItem();
        (surge.Start, surge.End, surge.Errors, surge.Expected).ShouldBe((Start.AddHours(1), Start.AddMinutes(70), 80, 10));
        surge.Reason.ShouldBe("Connect AUTHORIZATION_FAILURE: denied: 80 instead of 0, new");
    }

    [Fact]
    public void A_smaller_surge_soon_after_another_one_is_told_too()
    {
        for (int minute = 0; minute < 90; minute++)
        {
            Add(minute * 60);
        }

        AddAt(minute: 60, errors: 200);
        AddAt(minute: 75, errors: 25);

        _timeline.Surges().Select(surge => (surge.Start, surge.Errors)).ShouldBe([(Start.AddMinutes(60), 205), (Start.AddMinutes(75), 30)]);

        void AddAt(int minute, int errors)
        {
            for (int i = 0; i < errors; i++)
            {
                Add((minute * 60) + i);
            }
        }
    }

    [Fact]
    public void Steady_errors_are_no_surge()
    {
        for (int i = 0; i < 5_000; i++)
        {
            Add(i * 10);
        }

        _timeline.Surges().ShouldBeEmpty();
    }

    [Fact]
    public void New_groups_come_first_when_windows_are_compared()
    {
        Add(0);
        _timeline.Add(Error(10) with { Reason = "gone" });
        for (int i = 0; i < 50; i++)
        {
            Add(3_600 + i);
        }

        _timeline.Add(Error(3_700) with { Reason = "new" });

        IReadOnlyList<ErrorChange> changes = _timeline.Compare(Start.AddHours(1), Start.AddHours(2), TimeSpan.FromHours(1));
        changes.Select(change => (change.Group.Reason, change.Group.Errors, change.Before, change.IsNew, change.IsGone)).ShouldBe(
        [
            ("new", 1, 0, true, false),
            ("R", 50, 1, false, false),
            ("gone", 0, 1, false, true),
        ]);
    }

    [Fact]
    public void Groups_beyond_the_limit_count_as_other()
    {
        ErrorTimeline timeline = Timeline(new ErrorTimelineOptions { MaxGroups = 3 });
        for (int i = 0; i < 10; i++)
        {
            timeline.Add(Error(0) with { Reason = $"R{i}" });
        }

        timeline.Groups(Start, Start.AddMinutes(5)).ShouldContain(group => group.Template == "other" && group.Errors == 7);
        (timeline.Statistics.Errors, timeline.Statistics.Other).ShouldBe((10, 7));
    }

    private void Add(double seconds) => _timeline.Add(Error(seconds));

    private static ErrorTimeline Timeline(ErrorTimelineOptions? options = null) => new((options ?? new ErrorTimelineOptions()) with { TimeProvider = new ManualTimeProvider() });

    private static IotLogEntry Error(double seconds) => new() { Time = Start.AddSeconds(seconds), IsError = true, EventType = "Connect", Reason = "R", Details = "d" };
}
