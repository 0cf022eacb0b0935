using IotOps.Samples.Configuration;
using IotOps.SlackExport;

namespace IotOps.Samples.LogExport.Configuration;

/// <summary>What of Slack is not a secret. Secrets come by environment variables alone.</summary>
internal sealed record SlackConfig
{
    /// <summary>The slash command.</summary>
    public string Command { get; init; } = "/iot-log";

    /// <summary>Hosts that answers may be posted to; a loopback <c>host:port</c> may be listed for tests.</summary>
    public IReadOnlyList<string> ResponseHosts { get; init; } = ["hooks.slack.com", "hooks.slack-gov.com"];

    /// <summary>Where the Web API is, for a bot token.</summary>
    public Uri ApiUrl { get; init; } = new("https://slack.com/api/");

    /// <summary>The environment of a command that names none; null makes naming one a must where there are several.</summary>
    public string? DefaultEnvironment { get; init; }

    /// <summary>Categories that may be asked for every device at once, by <c>client_id</c>.</summary>
    public IReadOnlyList<string> EveryDevice { get; init; } = ["lifecycle"];

    /// <summary>Who may export what; null refuses to serve.</summary>
    public SlackExportAuthorization? Authorization { get; init; }

    /// <summary>Where browsers reach this program; null where they do not.</summary>
    public Uri? PublicUrl { get; init; }

    /// <summary>Whether links may be shown to a whole channel.</summary>
    public bool LinksInChannels { get; init; }

    /// <summary>How long such links are valid at most.</summary>
    public TimeSpan ChannelLinkValidity { get; init; } = TimeSpan.FromMinutes(10);

    public static SlackConfig Read(ConfigReader slack, IReadOnlyCollection<string> environments)
    {
        var defaults = new SlackConfig();
        string? api = slack.String("apiUrl");
        if (!Uri.TryCreate(api ?? defaults.ApiUrl.AbsoluteUri, UriKind.Absolute, out Uri? apiUrl))
        {
            slack.Problem("apiUrl", $"must be an absolute URL, not '{api}'");
        }

        string? address = slack.String("publicUrl");
        Uri? publicUrl = null;
        if (address is not null && !Uri.TryCreate($"{address.TrimEnd('/')}/", UriKind.Absolute, out publicUrl))
        {
            slack.Problem("publicUrl", $"must be an absolute URL, not '{address}'");
        }

        string? environment = slack.String("defaultEnvironment");
        if (environment is not null && !environments.Contains(environment, StringComparer.Ordinal))
        {
            slack.Problem("defaultEnvironment", $"is '{environment}', which is none of the environments: {string.Join(", ", environments)}");
        }

        return new SlackConfig
        {
            Command = slack.String("command") ?? defaults.Command,
            ResponseHosts = slack.Has("responseHosts") ? slack.Strings("responseHosts") : defaults.ResponseHosts,
            ApiUrl = apiUrl ?? defaults.ApiUrl,
            DefaultEnvironment = environment,
            PublicUrl = publicUrl,
            Authorization = AuthorizationConfig.Read(slack),
            LinksInChannels = slack.Boolean("linksInChannels", otherwise: false),
            ChannelLinkValidity = slack.Duration("channelLinkValidity", defaults.ChannelLinkValidity),
            EveryDevice = slack.Has("everyDevice") ? slack.Strings("everyDevice") : defaults.EveryDevice,
        };
    }
}
