namespace IotOps.Detect;

/// <summary>What came of an evaluation.</summary>
/// <param name="State">The thing's new state; the same bytes as before when nothing changed.</param>
/// <param name="DueAt">When the thing is to be evaluated again although no event came; null for never.</param>
/// <param name="Alarms">The alarms that began, ended or became invalid.</param>
/// <param name="Late">Events that came after what they belong to was judged: they were left out.</param>
/// <param name="Duplicates">Events that had come before.</param>
public sealed record DetectVerdict(ReadOnlyMemory<byte> State, DateTimeOffset? DueAt, IReadOnlyList<StoredAlarm> Alarms, int Late, int Duplicates);
