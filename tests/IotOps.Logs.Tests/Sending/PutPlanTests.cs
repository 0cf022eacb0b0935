using System.Text;
using IotOps.Logs.Batching;
using IotOps.Logs.Sending;

namespace IotOps.Logs.Tests.Sending;

public sealed class PutPlanTests
{
    private const long Day = 24 * 60 * 60 * 1000;
    private const long Now = 20_000 * Day;

    private static readonly ServiceTime Known = new(Now, 0, Known: true);

    [Fact]
    public void Events_go_in_the_order_of_time_and_equal_times_in_the_order_they_came()
    {
        using LogBatch batch = BatchBuilder.Of((Now, "c"), (Now - 2, "a"), (Now - 1, "b1"), (Now - 1, "b2"));

        Requests(batch, Known).ShouldBe([["a", "b1", "b2", "c"]]);
    }

    [Fact]
    public void A_request_spans_24_hours_and_not_a_millisecond_more()
    {
        using LogBatch batch = BatchBuilder.Of((Now - Day - 1, "x"), (Now - Day, "a"), (Now, "b"));

        Requests(batch, Known).ShouldBe([["x"], ["a", "b"]]);
    }

    [Fact]
    public void Days_that_come_mixed_are_sorted_into_one_request_each()
    {
        using LogBatch batch = BatchBuilder.Of((Now - 5 * Day, "old1"), (Now, "new1"), (Now - 5 * Day + 1, "old2"), (Now + 1, "new2"));

        Requests(batch, Known).ShouldBe([["old1", "old2"], ["new1", "new2"]]);
    }

    [Theory]
    [InlineData(-14 * Day, false)]
    [InlineData(-14 * Day - 1, true)]
    [InlineData(2 * 60 * 60 * 1000, false)]
    [InlineData(2 * 60 * 60 * 1000 + 1, true)]
    public void A_time_outside_the_window_becomes_the_time_of_sending(long offset, bool retimed)
    {
        using LogBatch batch = BatchBuilder.Of((Now + offset, "m"));
        using PutPlan plan = BatchBuilder.Plan(batch, Known);

        PlannedEvent planned = plan[plan.Slices.Peek()][0];

        planned.Retimed.ShouldBe(retimed);
        planned.Timestamp.ShouldBe(retimed ? Now : Now + offset);
    }

    [Fact]
    public void Under_reject_what_is_outside_the_window_is_left_out()
    {
        using LogBatch batch = BatchBuilder.Of((Now - 15 * Day, "old"), (Now, "m"), (Now + Day, "ahead"));
        using var plan = new PutPlan();

        plan.Build(batch, Known, BatchLimits.MaxAge, OldEvents.Reject).ShouldBe(2);

        batch.Remaining.ShouldBe(1);
        Encoding.UTF8.GetString(batch.MessageAt(plan[plan.Slices.Peek()][0].Index)).ShouldBe("m");
    }

    [Fact]
    public void While_the_services_clock_is_unknown_no_time_is_judged()
    {
        using LogBatch batch = BatchBuilder.Of((Now - 15 * Day, "old"), (Now, "m"));
        using var plan = new PutPlan();

        plan.Build(batch, new ServiceTime(1000, 0, Known: false), BatchLimits.MaxAge, OldEvents.Reject).ShouldBe(0);

        plan.Slices.Count.ShouldBe(2);
    }

    [Fact]
    public void An_arrival_time_is_corrected_by_what_the_clock_is_wrong()
    {
        using var batch = new LogBatch(new LogBuffers(1 << 20));
        batch.TryAppend(1_000, EventFlags.Arrival, "m"u8);
        using PutPlan plan = BatchBuilder.Plan(batch, new ServiceTime(Now + 1_500, Now, Known: true));

        plan[plan.Slices.Peek()][0].ShouldBe(new PlannedEvent(Now + 1_000, 0, Retimed: false));
    }

    [Fact]
    public void Events_that_came_before_the_clock_was_set_stay_before_those_after_it()
    {
        // Read at 1970 plus 5 and 9 seconds of a boot; then NTP sets the clock, and a third comes. All are sent 20 seconds after the boot, the
        // first one for the second time: the service has refused 1970.
        const long Boot = Now - 20_000;
        using var batch = new LogBatch(new LogBuffers(1 << 20)) { ClockOffset = 0 };
        batch.TryAppend(5_000, EventFlags.Arrival, "at 5 s"u8);
        batch.MarkSendNow(0);
        batch.TryAppend(9_000, EventFlags.Arrival, "at 9 s"u8);
        batch.TryAppend(Boot + 12_000, EventFlags.Arrival, "at 12 s, by the right clock"u8);
        using PutPlan plan = BatchBuilder.Plan(batch, new ServiceTime(Now, 0, Known: true, Offset: Boot));

        plan[plan.Slices.Peek()].ToArray().ShouldBe(
            [new PlannedEvent(Boot + 5_000, 0, Retimed: true), new PlannedEvent(Boot + 9_000, 1, Retimed: true), new PlannedEvent(Boot + 12_000, 2, Retimed: false)]);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(40 * Day)]
    public void What_the_monotonic_clock_cannot_tell_of_becomes_the_time_of_sending(long? offset)
    {
        using var batch = new LogBatch(new LogBuffers(1 << 20)) { ClockOffset = offset };
        batch.TryAppend(5_000, EventFlags.Arrival, "m"u8);
        using PutPlan plan = BatchBuilder.Plan(batch, new ServiceTime(Now, 0, Known: true, Offset: Now + 60_000));

        plan[plan.Slices.Peek()][0].ShouldBe(new PlannedEvent(Now, 0, Retimed: true));
    }

    [Fact]
    public void An_arrival_time_is_never_a_reason_to_leave_an_event_out()
    {
        using var batch = new LogBatch(new LogBuffers(1 << 20));
        batch.TryAppend(Now - 30 * Day, EventFlags.Arrival, "m"u8);
        using PutPlan plan = BatchBuilder.Plan(batch, Known, OldEvents.Reject);

        plan[plan.Slices.Peek()][0].ShouldBe(new PlannedEvent(Now, 0, Retimed: true));
    }

    [Fact]
    public void A_time_before_1970_is_never_sent()
    {
        using LogBatch batch = BatchBuilder.Of((-1, "m"));
        using PutPlan plan = BatchBuilder.Plan(batch, new ServiceTime(Now, 0, Known: false));

        plan[plan.Slices.Peek()][0].Timestamp.ShouldBe(Now);
    }

    [Fact]
    public void A_shorter_retention_narrows_the_window()
    {
        using LogBatch batch = BatchBuilder.Of((Now - 2 * Day, "m"));
        using var plan = new PutPlan();

        plan.Build(batch, Known, maxAge: Day, OldEvents.ArrivalTime);

        plan[plan.Slices.Peek()][0].Timestamp.ShouldBe(Now);
    }

    private static List<string[]> Requests(LogBatch batch, ServiceTime time)
    {
        using PutPlan plan = BatchBuilder.Plan(batch, time);
        List<string[]> requests = [];
        while (plan.Slices.TryPop(out PutSlice slice))
        {
            List<string> texts = [];
            foreach (PlannedEvent planned in plan[slice])
            {
                texts.Add(Encoding.UTF8.GetString(batch.MessageAt(planned.Index)));
            }

            requests.Add([.. texts]);
        }

        return requests;
    }
}
