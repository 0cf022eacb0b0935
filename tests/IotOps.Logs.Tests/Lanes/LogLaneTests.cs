using System.Diagnostics.Metrics;
using System.Text;
using IotOps.Logs.Batching;
using IotOps.Logs.Lanes;
using IotOps.Logs.Sending;
using IotOps.Logs.Spool;
using IotOps.Logs.Tail;
using IotOps.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace IotOps.Logs.Tests.Lanes;

/// <summary>What a lane decides, without anybody who carries it out.</summary>
public sealed class LogLaneTests : IDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly TempDirectory _state = new(inMemory: true);
    private readonly LogCounters _counters;
    private readonly LogSpool _spool;
    private readonly LaneResources _shared;
    private readonly LogLane _lane;

    public LogLaneTests()
    {
        var options = new LogShipperOptions
        {
            StateDirectory = _state.Path,
            Region = "us-east-1",
            TimeProvider = _time,
            FlushInterval = TimeSpan.FromSeconds(5),
            MaxParallelRequests = 1,
        };
        _counters = new LogCounters(_time, "state");
        _spool = new LogSpool(options.FileSystem, _state["spool"], options.SpoolLimitBytes, _time, _counters, NullLogger.Instance);
        _shared = new LaneResources(options, _spool, _counters, new LaneBackoff(static () => 1), NullLogger.Instance);
        _lane = new LogLane(new LogDestination("g", "s"), _shared);
    }

    public void Dispose()
    {
        _lane.Abandon();
        _spool.Dispose();
        _counters.Dispose();
        _state.Dispose();
    }

    [Fact]
    public void A_batch_is_sent_at_the_flush_interval_and_not_before()
    {
        Append("one");

        Step().Kind.ShouldBe(LaneWorkKind.None);
        Advance(5);
        Step().Kind.ShouldBe(LaneWorkKind.Send);
    }

    [Fact]
    public void A_lane_decides_nothing_more_until_its_work_is_done()
    {
        Append("one");
        Step(hurry: true).Kind.ShouldBe(LaneWorkKind.Send);
        Append("two");

        Step(hurry: true).ShouldBe(LaneWork.None);
        Complete(SendOutcome.Done);

        Step(hurry: true).Batch!.Batch!.Count.ShouldBe(1);
    }

    [Fact]
    public void A_batch_stays_while_all_permits_are_taken()
    {
        Append("one");
        _shared.Permits.TryTake().ShouldBeTrue();

        Step(hurry: true).ShouldBe(LaneWork.None);
        _lane.NextDue().ShouldBe(_shared.FlushAt(_lane.OldestAt));

        _shared.Permits.Return();
        Step(hurry: true).Kind.ShouldBe(LaneWorkKind.Send);
    }

    [Fact]
    public void A_lane_with_nothing_to_send_keeps_no_permit()
    {
        Step(hurry: true).ShouldBe(LaneWork.None);

        _shared.Permits.TryTake().ShouldBeTrue();
    }

    [Fact]
    public void A_refused_batch_is_sent_again_after_its_wait()
    {
        Append("one");
        LaneWork first = Step(hurry: true);
        Complete(SendOutcome.Refused);

        Step(hurry: true).ShouldBe(LaneWork.None);
        _lane.NextDue().ShouldBe(_shared.Clock.After(_shared.Clock.Now, TimeSpan.FromSeconds(1)));
        Advance(1);
        Step(hurry: true).ShouldBe(first);
    }

    [Fact]
    public void A_refused_batch_of_a_vanishing_file_goes_to_the_spool_without_a_permit()
    {
        Append("one");
        LaneWork sent = Step(hurry: true);
        Complete(SendOutcome.Refused);
        _shared.Permits.TryTake().ShouldBeTrue();

        _lane.SourceIsVanishing(7);

        Step().ShouldBe(LaneWork.Spill(sent.Batch!));
    }

    [Fact]
    public void A_vanishing_files_batch_waits_a_second_for_room_in_the_spool()
    {
        Append("one");
        Step(hurry: true);
        Complete(SendOutcome.Refused, TimeSpan.FromMinutes(1));
        _lane.SourceIsVanishing(7);
        Step().Kind.ShouldBe(LaneWorkKind.Spill);
        _lane.Completed(new SendAnswer(SendOutcome.NoRoom));

        Step().ShouldBe(LaneWork.None);
        Advance(1);
        Step().Kind.ShouldBe(LaneWorkKind.Spill);
    }

    [Fact]
    public void A_full_batch_leaves_at_once_unless_one_is_on_its_way()
    {
        string half = new('x', 40 * 1024);
        Append(half);
        _lane.TryAppend(Event(half)).ShouldBe(BatcherAnswer.Full);
        _lane.SendFull().Kind.ShouldBe(LaneWorkKind.Send);

        Append(half);
        _lane.TryAppend(Event(half)).ShouldBe(BatcherAnswer.Full);
        _lane.SendFull().ShouldBe(LaneWork.None);
    }

    [Fact]
    public void A_spool_segment_and_a_file_take_turns()
    {
        for (int i = 0; i < 2; i++)
        {
            _spool.TryAppend(new LogDestination("g", "s"), 0, EventFlags.None, "spooled"u8, out _).ShouldBeTrue();
            List<SpoolSegment> ready = [];
            _spool.SealDue(TimeSpan.Zero, ready);
            ready.ForEach(_lane.Add);
        }

        Append("file");

        IsSpooled(Step(hurry: true)).ShouldBeTrue();
        Complete(SendOutcome.Done);
        IsSpooled(Step(hurry: true)).ShouldBeFalse();
        Complete(SendOutcome.Done);
        IsSpooled(Step(hurry: true)).ShouldBeTrue();

        static bool IsSpooled(LaneWork work) => work.Batch!.Segment is not null;
    }

    [Fact]
    public void The_lag_is_the_age_of_the_oldest_event()
    {
        double age = TimeSpan.FromDays(3).TotalSeconds;
        List<double> lags = [];
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listening) =>
            {
                if (instrument.Name == "iotops.logs.lag")
                {
                    listening.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>((_, value, _, _) => lags.Add(value));
        listener.Start();

        _counters.Oldest(_time.GetTimestamp());
        listener.RecordObservableInstruments();
        lags.ShouldNotContain(age);
        _time.Advance(TimeSpan.FromDays(3));
        listener.RecordObservableInstruments();
        lags.ShouldContain(age);
    }

    private void Append(string text) => _lane.TryAppend(Event(text)).ShouldBe(BatcherAnswer.Taken);

    private static TailedEvent Event(string text) => new()
    {
        SourceId = 7,
        EndOffset = 1,
        Timestamp = TailedEvent.NoTimestamp,
        Message = Encoding.UTF8.GetBytes(text),
    };

    private LaneWork Step(bool hurry = false) => _lane.Step(hurry, pressure: false);

    // As a worker does: the permit of a request goes back before its answer comes in.
    private void Complete(SendOutcome outcome, TimeSpan? retryAfter = null)
    {
        _shared.Permits.Return();
        _lane.Completed(new SendAnswer(outcome, RetryAfter: retryAfter));
    }

    private void Advance(int seconds)
    {
        _time.Advance(TimeSpan.FromSeconds(seconds));
        _shared.Clock.Tick();
    }
}
