namespace IotOps.Fleet;

/// <summary>The errors of a stretch of time, from its start up to but not including the next one's.</summary>
/// <param name="Start">Its first moment.</param>
/// <param name="Errors">Errors in it.</param>
/// <param name="IsOpen">Whether errors are still expected that are not late.</param>
public sealed record ErrorBucket(DateTimeOffset Start, long Errors, bool IsOpen);
