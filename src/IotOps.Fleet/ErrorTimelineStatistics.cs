namespace IotOps.Fleet;

/// <summary>What an <see cref="ErrorTimeline"/> was given.</summary>
/// <param name="Errors">Errors that were counted.</param>
/// <param name="Late">Those of them that came late.</param>
/// <param name="TooLate">Errors of buckets that were dropped already; they are not counted.</param>
/// <param name="WithoutTime">Errors without a time, or with one in the future; they are not counted.</param>
/// <param name="Other">Errors whose group is not told apart.</param>
public readonly record struct ErrorTimelineStatistics(long Errors, long Late, long TooLate, long WithoutTime, long Other);
