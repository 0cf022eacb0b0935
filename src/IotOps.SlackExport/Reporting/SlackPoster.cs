using IotOps.Slack;

namespace IotOps.SlackExport.Reporting;

/// <summary>What an export's messages go through: response_urls, and the bot's channel where there is a bot.</summary>
internal sealed class SlackPoster : IDisposable
{
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

    public void Dispose()
    {
        Chat?.Dispose();
        Responder.Dispose();
    }
}
