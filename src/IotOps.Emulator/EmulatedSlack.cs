using IotOps.Emulator.Slack;

namespace IotOps.Emulator;

/// <summary>
/// What a slash command answers to: response_urls that take 5 posts within 30 minutes, and chat.postMessage and chat.update with a bot
/// token. Payloads are held against Block Kit's limits. For 429, add a <see cref="Fault"/> for <c>SlackPost</c>. Thread-safe.
/// See https://docs.slack.dev/interactivity/handling-user-interaction.
/// </summary>
public sealed class EmulatedSlack
{
    private readonly SlackRecord _record;
    private readonly Uri _root;

    internal EmulatedSlack(SlackRecord record, Uri root)
    {
        _record = record;
        _root = root;
        ApiUrl = new Uri(root + "/api/");
    }

    /// <summary>The Web API, to be called with <see cref="BotToken"/>.</summary>
    public Uri ApiUrl { get; }

    /// <summary>The token that the Web API takes.</summary>
    public string BotToken { get; } = SlackEndpoint.BotToken;

    /// <summary>What was posted, refused posts included: the latest 10,000, oldest first.</summary>
    public IReadOnlyList<ReceivedSlackPost> Posts => _record.Posts.Latest();

    /// <summary>Makes a response_url, as a slash command would bring one. Its 30 minutes begin now.</summary>
    public Uri CreateResponseUrl()
    {
        string path = _record.Create();
        return new Uri($"{_root}{path}");
    }

    /// <summary>Waits until so many posts were taken, and returns those. There is no limit but the token.</summary>
    public async Task<IReadOnlyList<ReceivedSlackPost>> WaitForPostsAsync(int count, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            Task changed = _record.Posts.Changed.Next;
            ReceivedSlackPost[] taken = [.. Posts.Where(p => p.Error is null)];
            if (taken.Length >= count)
            {
                return taken;
            }

            await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
