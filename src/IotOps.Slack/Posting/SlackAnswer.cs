namespace IotOps.Slack.Posting;

/// <summary>How Slack answered a POST.</summary>
/// <param name="Status">HTTP status; 0 when there was no answer.</param>
/// <param name="Body">The body, empty when there was no answer.</param>
/// <param name="RetryAfter">What a 429 asked for.</param>
/// <param name="Failure">Why there was no answer; null when there was.</param>
/// <param name="MayHaveArrived">Whether Slack may have acted on it.</param>
internal readonly record struct SlackAnswer(int Status, byte[] Body, TimeSpan? RetryAfter, string? Failure, bool MayHaveArrived);
