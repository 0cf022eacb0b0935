using System.Text;
using IotOps.Logs.Batching;
using IotOps.Logs.Sending;

namespace IotOps.Logs.Tests.Sending;

/// <summary>Makes batches out of texts.</summary>
internal static class BatchBuilder
{
    public static LogBatch Of(params (long Timestamp, string Message)[] events)
    {
        var batch = new LogBatch(new LogBuffers(64 << 20));
        foreach ((long timestamp, string message) in events)
        {
            batch.TryAppend(timestamp, EventFlags.None, Encoding.UTF8.GetBytes(message)).ShouldBeTrue();
        }

        return batch;
    }

    public static PutPlan Plan(LogBatch batch, ServiceTime time = default, OldEvents oldEvents = OldEvents.ArrivalTime)
    {
        var plan = new PutPlan();
        plan.Build(batch, time, BatchLimits.MaxAge, oldEvents);
        return plan;
    }
}
