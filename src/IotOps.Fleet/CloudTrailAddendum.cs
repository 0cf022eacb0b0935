namespace IotOps.Fleet;

/// <summary>Why a record came late or again: its <c>addendum</c>.</summary>
/// <param name="Reason"><c>DELIVERY_DELAY</c>, <c>UPDATED_DATA</c>, <c>SERVICE_OUTAGE</c> or a word that is new.</param>
/// <param name="OriginalEventId">With <c>UPDATED_DATA</c>: the event that was logged before and lacked something.</param>
/// <param name="UpdatedFields">With <c>UPDATED_DATA</c>: the members of the record that are new.</param>
public sealed record CloudTrailAddendum(string? Reason, string? OriginalEventId, IReadOnlyList<string> UpdatedFields)
{
    /// <summary>Whether this record completes another one instead of telling of an event of its own.</summary>
    public bool Completes => Reason == "UPDATED_DATA" && OriginalEventId is not null;
}
