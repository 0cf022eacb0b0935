using System.Text;
using IotOps.Logs.Batching;
using IotOps.Logs.Sending;

namespace IotOps.Logs.Tests.Sending;

/// <summary>What a request costs in allocation, whatever the number of its events.</summary>
public sealed class EncoderAllocationTests
{
    private static readonly LogDestination Destination = new("g", "s");

    [Fact]
    public void Ten_thousand_events_cost_no_more_allocation_than_ten()
    {
        Allocated(10);
        Allocated(10_000);

        long few = Allocated(10);
        long many = Allocated(10_000);

        (many - few).ShouldBeLessThan(1024);
        many.ShouldBeLessThan(4096);
    }

    private static long Allocated(int events)
    {
        var buffers = new LogBuffers(64 << 20);
        byte[] message = Encoding.UTF8.GetBytes("a line with a \"quote\" and some more text to make it about 80 bytes long, ok");
        using var body = new PooledStream();
        long least = long.MaxValue;
        for (int round = 0; round < 3; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            using var batch = new LogBatch(buffers);
            for (int i = 0; i < events; i++)
            {
                batch.TryAppend(events - i, EventFlags.None, message);
            }

            using var plan = new PutPlan();
            plan.Build(batch, default, BatchLimits.MaxAge, OldEvents.ArrivalTime);
            PutLogEventsEncoder.Encode(Destination, batch, plan[plan.Slices.Peek()], gzip: true, body);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
