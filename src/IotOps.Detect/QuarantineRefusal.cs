namespace IotOps.Detect;

/// <summary>Why a plan is not carried out, or would not be without an override.</summary>
/// <param name="Kind">The rule.</param>
/// <param name="Message">What is in the way, the things or groups it concerns, and what can be done.</param>
/// <param name="IsOverridden">Whether the request said to do it all the same.</param>
public sealed record QuarantineRefusal(QuarantineRefusalKind Kind, string Message, bool IsOverridden);
