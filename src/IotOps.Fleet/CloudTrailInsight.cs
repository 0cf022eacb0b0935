namespace IotOps.Fleet;

/// <summary>
/// An unusual rate of calls or errors, as CloudTrail Insights tells it when it begins and when it ends. Both records have the same
/// <see cref="CloudTrailRecord.SharedEventId"/>.
/// </summary>
/// <param name="State"><c>Start</c> or <c>End</c>.</param>
/// <param name="Type"><c>ApiCallRateInsight</c> or <c>ApiErrorRateInsight</c>.</param>
/// <param name="EventSource">The service.</param>
/// <param name="EventName">The API.</param>
/// <param name="ErrorCode">The error, of an error rate.</param>
/// <param name="Baseline">Calls or errors a minute before.</param>
/// <param name="Value">Calls or errors a minute now.</param>
public sealed record CloudTrailInsight(
    string? State, string? Type, string? EventSource, string? EventName, string? ErrorCode, double? Baseline, double? Value);
