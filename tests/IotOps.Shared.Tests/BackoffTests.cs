using FsCheck;
using FsCheck.Fluent;

namespace IotOps.Shared.Tests;

public sealed class BackoffTests
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    [Fact]
    public void The_limit_doubles_with_every_failure_up_to_the_longest()
    {
        var backoff = new Backoff(First, Longest, static () => 1);
        Enumerable.Range(0, 9).Select(_ => backoff.Next().TotalSeconds).ShouldBe([1, 2, 4, 8, 16, 32, 60, 60, 60]);
        backoff.Failures.ShouldBe(9);
    }

    [Fact]
    public void A_success_makes_the_next_failure_the_first()
    {
        var backoff = new Backoff(First, Longest, static () => 1);
        backoff.Next();
        backoff.Next();
        backoff.Reset();
        backoff.Failures.ShouldBe(0);
        backoff.Next().ShouldBe(First);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.25)]
    [InlineData(0.75)]
    public void A_wait_is_drawn_below_the_cap_so_that_a_fleet_at_the_cap_spreads_out(double draw) =>
        Backoff.FullJitter(First, Longest, failuresBefore: 1000, () => draw).ShouldBe(Longest * draw);

    [Fact]
    public void The_system_draws_different_waits_over_the_whole_range()
    {
        double[] waits = [.. Enumerable.Range(0, 1000).Select(static _ => Backoff.FullJitter(First, Longest, failuresBefore: 10).TotalSeconds)];
        waits.Min().ShouldBeLessThan(10);
        waits.Max().ShouldBeGreaterThan(50);
        waits.Average().ShouldBeInRange(20, 40);
    }

    [Fact]
    public void No_wait_is_negative_or_beyond_its_limit_whatever_the_numbers()
    {
        Gen<(long First, long Longest, int Failures, int Draw)> cases =
            from first in Gen.OneOf(Gen.Choose(0, int.MaxValue).Select(static n => (long)n), Gen.Constant(long.MaxValue))
            from longest in Gen.OneOf(Gen.Choose(0, int.MaxValue).Select(static n => (long)n), Gen.Constant(long.MaxValue))
            from failures in Gen.OneOf(Gen.Choose(0, 100), Gen.Constant(int.MaxValue))
            from draw in Gen.Choose(0, 1000)
            select (first, longest, failures, draw);
        Prop.ForAll(Arb.From(cases), static c =>
        {
            TimeSpan limit = Backoff.Limit(new TimeSpan(c.First), new TimeSpan(c.Longest), c.Failures);
            TimeSpan wait = Backoff.FullJitter(new TimeSpan(c.First), new TimeSpan(c.Longest), c.Failures, () => c.Draw / 1000.0);
            return limit >= TimeSpan.Zero && limit.Ticks <= c.Longest && wait >= TimeSpan.Zero && wait <= limit
                && (c.Failures == int.MaxValue || limit <= Backoff.Limit(new TimeSpan(c.First), new TimeSpan(c.Longest), c.Failures + 1));
        }).QuickCheckThrowOnFailure();
    }
}
