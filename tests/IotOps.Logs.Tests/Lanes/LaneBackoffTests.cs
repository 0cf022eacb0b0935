using IotOps.Logs.Lanes;

namespace IotOps.Logs.Tests.Lanes;

public sealed class LaneBackoffTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(4, 8)]
    [InlineData(7, 60)]
    [InlineData(1_000_000, 60)]
    public void Waits_double_from_one_second_to_one_minute(int failures, int seconds) =>
        new LaneBackoff(static () => 1).After(failures, slow: false, atLeast: null).ShouldBe(TimeSpan.FromSeconds(seconds));

    [Fact]
    public void Waits_are_drawn_from_zero_to_their_bound() =>
        new LaneBackoff(static () => 0.25).After(3, slow: false, atLeast: null).ShouldBe(TimeSpan.FromSeconds(1));

    [Fact]
    public void A_wait_that_the_service_asks_for_is_kept() =>
        new LaneBackoff(static () => 0).After(1, slow: false, TimeSpan.FromSeconds(9)).ShouldBe(TimeSpan.FromSeconds(9));

    [Fact]
    public void A_refusal_that_only_people_can_change_is_retried_once_or_twice_a_minute() =>
        new LaneBackoff(static () => 0).After(1, slow: true, null).ShouldBe(TimeSpan.FromSeconds(30));
}
