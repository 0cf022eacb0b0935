namespace IotOps.Detect;

/// <summary>Who approved that a quarantine's certificates are revoked.</summary>
/// <param name="By">Who.</param>
/// <param name="Reason">Why.</param>
/// <param name="At">When.</param>
public sealed record QuarantineApproval(string By, string Reason, DateTimeOffset At);
