namespace IotOps.Slack;

/// <summary>With which token the Web API is called.</summary>
public sealed record SlackChatOptions
{
    /// <summary>The bot token, <c>xoxb-...</c>, with the scope <c>chat:write</c>.</summary>
    public required string Token { get; init; }

    /// <summary>The Web API: https on <c>slack.com</c> or <c>slack-gov.com</c>, or a loopback address for tests. Nothing else ever gets the token.</summary>
    public Uri ApiUrl { get; init; } = new("https://slack.com/api/");

    /// <summary>How long one attempt may take. 10 s by default.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Longest wait that an answer of 429 gets, whatever its Retry-After asks. 30 s by default.</summary>
    public TimeSpan MaxRetryAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often a call is tried again after 429. Slack allows about one message a second and channel. 3 by default.</summary>
    public int MaxRetries { get; init; } = 3;

    /// <summary>Clock of waits and timeouts.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Sends the requests; used, never disposed. It must not follow redirects. Null is one of the client's own.</summary>
    public HttpMessageHandler? Handler { get; init; }

    internal Func<double> Jitter { get; init; } = Random.Shared.NextDouble;

    /// <summary>Without the token.</summary>
    public override string ToString() => $"Slack Web API at {ApiUrl}";
}
