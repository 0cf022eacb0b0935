namespace IotOps.Logs.Sending;

/// <summary>How one attempt to send a lane's batch ended.</summary>
/// <param name="Outcome">What became of the batch.</param>
/// <param name="Denied">The refusal is one that only people can change.</param>
/// <param name="RetryAfter">How long the service asked to wait.</param>
/// <param name="Code">The refusal's code.</param>
/// <param name="Reason">The refusal's text.</param>
internal readonly record struct SendAnswer(
    SendOutcome Outcome, bool Denied = false, TimeSpan? RetryAfter = null, string Code = "", string Reason = "");
