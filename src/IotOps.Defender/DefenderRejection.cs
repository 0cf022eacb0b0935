namespace IotOps.Defender;

/// <summary>Why the service did not take a report.</summary>
/// <param name="ReportId">The report; where the service did not say which, the one that was under way.</param>
/// <param name="Code">The service's <c>ErrorCode</c>, such as <c>InvalidPayload</c> or <c>Throttled</c>; empty when it gave none.</param>
/// <param name="Message">The service's <c>ErrorMessage</c>; empty when it gave none.</param>
/// <param name="IsThrottled">Whether reports come too often, so that the publisher waits longer.</param>
public sealed record DefenderRejection(long ReportId, string Code, string Message, bool IsThrottled);
