namespace IotOps.Aws;

/// <summary>How often and how patiently a call is tried again after a transient failure. Waits are drawn with full jitter.</summary>
public sealed record AwsRetryOptions
{
    /// <summary>One attempt, no retry: for callers that have a plan of their own.</summary>
    public static AwsRetryOptions None { get; } = new() { MaxAttempts = 1 };

    /// <summary>Attempts in all, the first included. 3 by default.</summary>
    public int MaxAttempts { get; init; } = 3;

    /// <summary>Upper bound of the first wait; doubles each time. 200 ms by default.</summary>
    public TimeSpan BaseDelay { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Upper bound of any wait, a Retry-After from the service included. 20 s by default.</summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromSeconds(20);
}
