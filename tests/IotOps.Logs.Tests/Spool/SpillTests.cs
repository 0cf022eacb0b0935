using IotOps.Logs.Tests.Lanes;
using static IotOps.Logs.Tests.Lanes.LaneHarness;

namespace IotOps.Logs.Tests.Spool;

public sealed class SpillTests
{
    [Fact]
    public async Task While_the_service_is_out_of_reach_a_vanishing_files_events_go_to_disk()
    {
        bool up = false;
        await using var lanes = new LaneHarness(_ => up ? Ok() : Error(503, "ServiceUnavailable"));
        lanes.Append("one");
        await lanes.RoundAsync();
        lanes.Lanes[new("g", "1")].SourceIsVanishing(1);

        await lanes.RoundAsync();

        lanes.Checkpoint[1].ShouldBe(lanes.Written());
        lanes.Statistics.EventsPending.ShouldBe(1);
        lanes.Spool.Bytes.ShouldBeGreaterThan(0);

        up = true;
        await lanes.DrainAsync();
        lanes.Statistics.EventsAccepted.ShouldBe(1);
        lanes.Spool.Bytes.ShouldBe(0);
    }

    [Fact]
    public async Task What_was_read_of_it_later_follows_at_the_flush_interval()
    {
        await using var lanes = new LaneHarness(_ => Error(503, "ServiceUnavailable"), o => o with { FlushInterval = TimeSpan.FromMilliseconds(100) });
        lanes.Append("one");
        await lanes.RoundAsync();
        lanes.Lanes[new("g", "1")].SourceIsVanishing(1);
        await lanes.RoundAsync();
        lanes.Append("two");

        lanes.Time.Advance(TimeSpan.FromMilliseconds(100));
        await lanes.RoundAsync(hurry: false);

        lanes.Checkpoint[1].ShouldBe(lanes.Written());
    }

    [Fact]
    public async Task A_vanishing_files_events_do_not_wait_for_the_flush_interval()
    {
        await using var lanes = new LaneHarness();
        lanes.Append("one");
        lanes.Lanes[new("g", "1")].SourceIsVanishing(1);

        await lanes.RoundAsync(hurry: false);

        lanes.Statistics.EventsAccepted.ShouldBe(1);
    }

    [Fact]
    public async Task While_the_service_answers_a_vanishing_file_costs_no_disk()
    {
        await using var lanes = new LaneHarness();
        lanes.Append("one");
        lanes.Lanes[new("g", "1")].SourceIsVanishing(1);

        await lanes.DrainAsync();

        Directory.Exists(lanes.State["spool"]).ShouldBeFalse();
    }

    [Fact]
    public async Task A_stream_that_stays_refused_gives_its_memory_up_when_others_need_it()
    {
        bool denied = false;
        await using var lanes = new LaneHarness(
            call => denied && call.Group == "denied" ? Error(400, "AccessDeniedException") : Ok(),
            o => o with { MaxBufferedBytes = 4 << 20 });
        byte[] line = new byte[1000];
        line.AsSpan().Fill((byte)'x');
        for (int stream = 2; stream < 6; stream++)
        {
            lanes.Append("proof", stream.ToString(), group: "denied");
        }

        await lanes.DrainAsync();
        denied = true;
        for (int stream = 2; stream < 6; stream++)
        {
            while (lanes.Append(line, stream.ToString(), group: "denied"))
            {
            }
        }

        await lanes.RoundAsync();
        lanes.Time.Advance(TimeSpan.FromSeconds(31));
        byte[] large = new byte[1_000_000];
        large.AsSpan().Fill((byte)'y');
        bool taken = false;
        for (int i = 0; i < 10 && !taken; i++)
        {
            taken = lanes.Append(large, "1");
            await lanes.RoundAsync(hurry: false);
        }

        taken.ShouldBeTrue();
        lanes.Spool.Bytes.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Five_thousand_streams_with_a_trickle_share_the_memory_there_is()
    {
        await using var lanes = new LaneHarness(configure: o => o with { MaxBufferedBytes = 4 << 20, MaxParallelRequests = 64 });
        int refused = 0;
        string text = new('x', 2000);
        for (int stream = 1; stream <= 5000; stream++)
        {
            while (!lanes.Append(text, stream.ToString()))
            {
                refused++;
                await lanes.RoundAsync(hurry: false);
            }

            lanes.Shared.Buffers.LentBytes.ShouldBeLessThanOrEqualTo(4 << 20);
        }

        await lanes.DrainAsync();
        refused.ShouldBeGreaterThan(0);
        lanes.Statistics.EventsAccepted.ShouldBe(5000);
    }
}
