namespace IotOps.Detect;

/// <summary>A thing's new record, and the alarms that come with it.</summary>
/// <param name="Thing">The thing, as in <see cref="DetectRecord.Thing"/>.</param>
/// <param name="Version">The version that the change was made from; 0 when the thing had no record.</param>
/// <param name="State">The new bytes.</param>
/// <param name="DueAt">When the thing is to be evaluated again although no message came; null for never.</param>
/// <param name="Alarms">The alarms that began or ended with this change, at most 25: what is beyond comes with the next change.</param>
public sealed record DetectChange(string Thing, long Version, ReadOnlyMemory<byte> State, DateTimeOffset? DueAt, IReadOnlyList<StoredAlarm> Alarms);
