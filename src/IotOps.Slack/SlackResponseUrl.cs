using System.Text;
using IotOps.Slack.Posting;

namespace IotOps.Slack;

/// <summary>
/// One request's response_url and the posts that are left on it: Slack takes 5 within 30 minutes, of which 2 are kept for the end.
/// Thread-safe.
/// </summary>
public sealed class SlackResponseUrl
{
    private readonly Uri _url;
    private readonly DateTimeOffset _receivedAt;
    private readonly SlackHttp _http;
    private readonly SlackResponderOptions _options;
    private readonly Lock _lock = new();
    private int _used;
    private bool _isSpent;

    internal SlackResponseUrl(Uri url, DateTimeOffset receivedAt, int used, SlackHttp http, SlackResponderOptions options)
    {
        _url = url;
        _receivedAt = receivedAt;
        _used = used;
        _http = http;
        _options = options;
    }

    /// <summary>Posts that count against the five. Hand it on with the URL when another process continues.</summary>
    public int PostsUsed
    {
        get { lock (_lock) { return _used; } }
    }

    /// <summary>How long ago the command came.</summary>
    public TimeSpan Age => _options.TimeProvider.GetUtcNow() - _receivedAt;

    /// <summary>When the last word of a job that still runs is due: minute 28.</summary>
    internal TimeSpan UntilLastWord => ResponsePlan.LastWord - Age;

    /// <summary>Posts one answer if the plan has room for its kind. 429 is waited for, except by <see cref="SlackPostKind.Progress"/>.</summary>
    /// <returns>What became of it. Only cancellation is thrown.</returns>
    public async Task<SlackPostResult> PostAsync(SlackPostKind kind, SlackResponse response, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(response);
        lock (_lock)
        {
            if ((_isSpent ? SlackPostOutcome.Expired : ResponsePlan.Refuses(kind, _used, Age)) is { } refused)
            {
                return new SlackPostResult(refused, $"{_used} of {ResponsePlan.MaxPosts} posts in {Age.TotalMinutes:0} of {ResponsePlan.Lifetime.TotalMinutes:0} minutes.");
            }

            // Taken before it is sent, so that two callers do not take the same one.
            _used++;
        }

        bool isRetried = kind != SlackPostKind.Progress;

        // When that is cancelled the post stays counted: it may have arrived.
        return Judge(await _http.PostAsync(_url, response.ToUtf8Json(), token: null, isRetried, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Without the URL.</summary>
    public override string ToString() => $"response_url on {_url.Host}, {PostsUsed} of {ResponsePlan.MaxPosts} posts used";

    private SlackPostResult Judge(SlackAnswer answer)
    {
        switch (answer.Status)
        {
            case >= 200 and < 300:
                return new SlackPostResult(SlackPostOutcome.Posted, "");
            case 429:
                GiveBack();
                return new SlackPostResult(SlackPostOutcome.RateLimited, "HTTP 429 until the retries were spent.");
            case 404 or 410:
                lock (_lock) { _isSpent = true; }
                return new SlackPostResult(SlackPostOutcome.Expired, Describe(answer));
            case >= 300 and < 500:
                return new SlackPostResult(SlackPostOutcome.Refused, Describe(answer));
            default:
                if (!answer.MayHaveArrived)
                {
                    GiveBack();
                }

                return new SlackPostResult(SlackPostOutcome.Failed, answer.Failure ?? Describe(answer));
        }
    }

    private void GiveBack()
    {
        lock (_lock) { _used--; }
    }

    // Slack's error words, such as used_url; anything else could quote what it was sent.
    private static string Describe(SlackAnswer answer)
    {
        string word = Encoding.UTF8.GetString(answer.Body.AsSpan(0, Math.Min(answer.Body.Length, 60)));
        return word.Length > 0 && word.All(c => char.IsAsciiLetterLower(c) || c is '_') ? $"HTTP {answer.Status}: {word}" : $"HTTP {answer.Status}";
    }
}
