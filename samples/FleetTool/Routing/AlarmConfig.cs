using System.Globalization;
using IotOps.Detect;
using IotOps.Samples.CommandLine;
using IotOps.Samples.Configuration;
using IotOps.Samples.FleetTool.Trail;
using IotOps.Slack;
using Microsoft.Extensions.Logging;

namespace IotOps.Samples.FleetTool.Routing;

/// <summary>Where alarms go. Secrets and URLs that are secrets are named by their environment variables.</summary>
internal sealed record AlarmConfig
{
    private IReadOnlyList<string> Topics { get; init; } = [];

    private IReadOnlyList<(string Url, string Secrets)> Webhooks { get; init; } = [];

    private (string Channel, string Token)? Slack { get; init; }

    public TimeSpan GroupWindow { get; private init; } = TimeSpan.FromSeconds(30);

    public int RateLimit { get; private init; } = 20;

    public TimeOnly? DigestAt { get; private init; } = new(6, 0);

    public IReadOnlyList<AlarmMute> Mutes { get; private init; } = [];

    public static AlarmConfig Read(ConfigReader reader)
    {
        var config = new AlarmConfig
        {
            Topics = reader.Strings("topics"),
            Webhooks = [.. reader.Objects("webhooks").Select(static hook => (
                hook.RequiredString("urlVariable", "it names the environment variable with the URL"),
                hook.RequiredString("secretsVariable", "it names the environment variable with the secrets, blanks between them")))],
            Slack = reader.Has("slack") ? ReadSlack(reader.Object("slack")) : null,
            GroupWindow = reader.Duration("groupWindow", TimeSpan.FromSeconds(30)),
            RateLimit = reader.Integer("rateLimit", 1, 10_000) ?? 20,
            DigestAt = ReadDigest(reader),
            Mutes = [.. reader.Objects("mutes").Select(ReadMute)],
        };
        if (config.Topics.Count + config.Webhooks.Count + (config.Slack is null ? 0 : 1) == 0)
        {
            reader.Problem("topics", "or 'webhooks' or 'slack' must say where alarms go");
        }

        return config;
    }

    /// <summary>The same with further topics.</summary>
    public AlarmConfig WithTopics(IEnumerable<string> arns) => this with { Topics = [.. Topics.Concat(arns).Distinct(StringComparer.Ordinal)] };

    /// <summary>A dispatcher to the sinks.</summary>
    /// <param name="clients">For the topics.</param>
    /// <param name="isAtOnce">True where the process ends or freezes soon: nothing is collected, and there is no digest.</param>
    /// <param name="lines">Its log.</param>
    /// <exception cref="UsageException">A variable is not set.</exception>
    public AlarmDispatcher Dispatcher(FleetClients clients, bool isAtOnce, ILoggerFactory lines) => new(new AlarmDispatcherOptions
    {
        Sinks = [.. Sinks(clients, Environment.GetEnvironmentVariable)],
        GroupWindow = isAtOnce ? TimeSpan.Zero : GroupWindow,
        DigestAt = isAtOnce ? null : DigestAt,
        RateLimit = RateLimit,
        Mutes = Mutes,
        LoggerFactory = lines,
    });

    /// <summary>The sinks, each with the secrets of its variables.</summary>
    /// <exception cref="UsageException">A variable is not set.</exception>
    public IEnumerable<IAlarmSink> Sinks(FleetClients clients, Func<string, string?> environment)
    {
        foreach (string topic in Topics)
        {
            yield return new SnsAlarmSink(clients.Of(SnsAlarmSink.Service), topic);
        }

        int number = 0;
        foreach ((string url, string secrets) in Webhooks)
        {
            yield return new WebhookAlarmSink(new WebhookAlarmSinkOptions
            {
                Name = $"webhook {++number}",
                Url = Uri.TryCreate(Variable(url, environment), UriKind.Absolute, out Uri? parsed) ? parsed : throw new UsageException($"{url} holds no URL"),
                Secrets = Variable(secrets, environment).Split(' ', StringSplitOptions.RemoveEmptyEntries),
            });
        }

        if (Slack is { } slack)
        {
            yield return new SlackAlarmSink(new SlackChat(new SlackChatOptions { Token = Variable(slack.Token, environment) }), slack.Channel);
        }
    }

    private static string Variable(string name, Func<string, string?> environment) =>
        environment(name) is { Length: > 0 } value ? value : throw new UsageException($"{name} is not set, which the configuration names for alarms");

    private static (string Channel, string Token) ReadSlack(ConfigReader reader) =>
        (reader.RequiredString("channel", "it is the id of the channel, such as C0123456789"), reader.String("tokenVariable") ?? "SLACK_BOT_TOKEN");

    private static TimeOnly? ReadDigest(ConfigReader reader)
    {
        string text = reader.String("digestAt") ?? "06:00";
        if (text == "off")
        {
            return null;
        }

        if (!TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out TimeOnly at))
        {
            reader.Problem("digestAt", $"must be a time of day, UTC, such as '06:00', or 'off', not '{text}'");
        }

        return at;
    }

    private static AlarmMute ReadMute(ConfigReader reader)
    {
        string? device = reader.String("device"), rule = reader.String("rule");
        string until = reader.RequiredString("until", "a mute has an end, such as '2026-12-24T18:00:00Z'");
        if (device is null && rule is null)
        {
            reader.Problem("until", "needs a 'device' or a 'rule' beside it");
        }

        if (!DateTimeOffset.TryParse(until, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset end) && until.Length > 0)
        {
            reader.Problem("until", $"must be a time such as '2026-12-24T18:00:00Z', not '{until}'");
        }

        return new AlarmMute(device, rule, end) { Reason = reader.String("reason") };
    }
}
