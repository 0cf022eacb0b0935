using IotOps.Slack.Posting;

namespace IotOps.Slack;

/// <summary>
/// Posts to response_urls: only to hosts on its list, over https, without credentials and without following redirects. One for the
/// whole program; thread-safe. See https://docs.slack.dev/interactivity/handling-user-interaction.
/// </summary>
public sealed class SlackResponder : IDisposable
{
    private readonly SlackResponderOptions _options;
    private readonly HostAllowList _allowed;
    private readonly SlackHttp _http;

    /// <summary>Takes the allow-list.</summary>
    /// <exception cref="ArgumentException">The list is empty or holds something else than hosts, or a time or number is out of range.</exception>
    public SlackResponder(SlackResponderOptions? options = null)
    {
        _options = options ?? new SlackResponderOptions();
        _allowed = new HostAllowList(_options.AllowedHosts, _options.AllowLoopback);
        _http = new SlackHttp(_options.Handler, _options.TimeProvider, _options.Timeout, _options.MaxRetryAfter, _options.MaxRetries, _options.Jitter);
    }

    /// <summary>Whether a response_url may be posted to. Ask before the work begins: a request with another one is not to be answered.</summary>
    public bool IsAllowed(Uri responseUrl)
    {
        ArgumentNullException.ThrowIfNull(responseUrl);
        return _allowed.Allows(responseUrl);
    }

    /// <summary>Opens one request's response_url.</summary>
    /// <param name="responseUrl">The URL of the slash command.</param>
    /// <param name="receivedAt">When the command came: the 30 minutes count from there.</param>
    /// <param name="postsUsed">Posts made before, by another process: 0 to 5.</param>
    /// <exception cref="ArgumentException">The URL is not allowed; nothing was sent. The message names its host alone.</exception>
    public SlackResponseUrl Open(Uri responseUrl, DateTimeOffset receivedAt, int postsUsed = 0)
    {
        ArgumentNullException.ThrowIfNull(responseUrl);
        ArgumentOutOfRangeException.ThrowIfNegative(postsUsed);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(postsUsed, ResponsePlan.MaxPosts);
        return IsAllowed(responseUrl)
            ? new SlackResponseUrl(responseUrl, receivedAt, postsUsed, _http, _options)
            : throw new ArgumentException(
                $"Answers are posted to {string.Join(", ", _options.AllowedHosts)} over https, not to {(responseUrl.IsAbsoluteUri ? responseUrl.Host : "a relative URL")}.",
                nameof(responseUrl));
    }

    /// <summary>Closes the connections.</summary>
    public void Dispose() => _http.Dispose();
}
