using IotOps.Slack;
using IotOps.SlackExport.Requests;

namespace IotOps.SlackExport.Reporting;

/// <summary>What an export's messages go through: response_urls, and the bot's channel where there is a bot.</summary>
internal sealed class SlackPoster : IDisposable
{
    private const int PostsOfAnAttempt = 3;

    public SlackPoster(SlackExportOptions options)
    {
        LinksInChannels = options.LinksInChannels;
        Messages = new ExportMessages(options.CommandName);
        Responder = new SlackResponder(new SlackResponderOptions
        {
            AllowedHosts = options.ResponseHosts,
            Handler = options.SlackTransport,
            TimeProvider = options.TimeProvider,
        });
        Chat = options.BotToken is { } token
            ? new SlackChat(new SlackChatOptions { Token = token, ApiUrl = options.ApiUrl, Handler = options.SlackTransport, TimeProvider = options.TimeProvider })
            : null;
    }

    /// <summary>Whether links may be shown to everybody in a channel.</summary>
    public bool LinksInChannels { get; }

    public ExportMessages Messages { get; }

    public SlackResponder Responder { get; }

    public SlackChat? Chat { get; }

    /// <summary>Opens the response_url of a request.</summary>
    /// <param name="asked">The request.</param>
    /// <param name="isContinued">Whether another process may have posted before: started and both milestones.</param>
    /// <exception cref="ArgumentException">The answers may not go where they would have to; nothing was sent.</exception>
    public SlackResponseUrl Open(StoredRequest asked, bool isContinued) =>
        Responder.Open(asked.ResponseUrl, asked.ReceivedAt, isContinued ? PostsOfAnAttempt : 0);

    /// <summary>What is said of a request's job: by the bot in its channel, else by the response_url.</summary>
    public SlackProgress Follow(StoredRequest asked, SlackResponseUrl url, TimeProvider timeProvider) => new(url, new SlackProgressOptions
    {
        StillRunning = Messages.StillRunning(asked),
        Chat = asked.ChannelId is null ? null : Chat,
        ChannelId = asked.ChannelId,
        TimeProvider = timeProvider,
    });

    public void Dispose()
    {
        Chat?.Dispose();
        Responder.Dispose();
    }
}
