namespace IotOps.Slack;

/// <summary>Where answers may be posted, and how patiently.</summary>
public sealed record SlackResponderOptions
{
    /// <summary>
    /// Hosts that a response_url may name, over https on the default port. <c>host:port</c> allows that port; a loopback address with a
    /// port, for tests, may also be http. <c>hooks.slack.com</c> and <c>hooks.slack-gov.com</c> by default.
    /// </summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = ["hooks.slack.com", "hooks.slack-gov.com"];

    /// <summary>
    /// For tests: also takes any response_url on this machine, whatever its port, over http too, such as <c>CreateResponseUrl()</c> of IotOps.Emulator.
    /// In production a stranger's URL could then reach what listens on loopback.
    /// </summary>
    public bool AllowLoopback { get; init; }

    /// <summary>How long one attempt may take. 10 s by default.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Longest wait that an answer of 429 gets, whatever its Retry-After asks. 30 s by default.</summary>
    public TimeSpan MaxRetryAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often a post is tried again after 429. 3 by default.</summary>
    public int MaxRetries { get; init; } = 3;

    /// <summary>Clock of the 30 minutes, of waits and of timeouts.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Sends the requests; used, never disposed. It must not follow redirects. Null is one of the responder's own.</summary>
    public HttpMessageHandler? Handler { get; init; }

    internal Func<double> Jitter { get; init; } = Random.Shared.NextDouble;
}
