using IotOps.Logs.Batching;
using IotOps.Logs.Spool;

namespace IotOps.Logs.Sending;

/// <summary>The one batch of a lane that is on its way to the service, and how far it got. Owned by the lane, or by its attempt while one runs.</summary>
internal sealed class OutgoingBatch(LogDestination destination) : IDisposable
{
    /// <summary>Where it goes.</summary>
    public LogDestination Destination => destination;

    /// <summary>The events; null while they lie in <see cref="Segment"/> only.</summary>
    public LogBatch? Batch { get; set; }

    /// <summary>The spool segment they came from; null for events of files.</summary>
    public SpoolSegment? Segment { get; init; }

    /// <summary>The requests it goes out in.</summary>
    public PutPlan Plan { get; } = new();

    /// <summary>Halving is under way: the plan goes on where it was instead of being made anew.</summary>
    public bool Bisecting { get; set; }

    /// <summary>Nothing of it was settled yet, so that it can be let go and read again from the spool.</summary>
    public bool Untouched => !Bisecting && Batch is not null && Batch.Remaining == Batch.Count;

    /// <inheritdoc/>
    public void Dispose()
    {
        Batch?.Dispose();
        Batch = null;
        Plan.Dispose();
    }
}
