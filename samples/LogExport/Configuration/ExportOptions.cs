using IotOps.Archive;
using IotOps.SlackExport;

namespace IotOps.Samples.LogExport.Configuration;

/// <summary>The configuration as the package takes it.</summary>
internal static class ExportOptions
{
    // An export runs in a small container. Two parts are in memory, one filling and one uploading, and S3 takes none below 5 MiB: one upload at a
    // time keeps up with one processor's compression.
    private const long PartBytes = 5 << 20;
    private const int ParallelParts = 1;
    private const long FetchAheadBytes = 4 << 20;

    /// <summary>To answer Slack for every environment.</summary>
    /// <param name="read">Reads the configuration of an environment; null is the one without a name.</param>
    /// <param name="secrets">Slack's secrets.</param>
    /// <param name="runsInProcess">Whether exports run in this process.</param>
    /// <exception cref="InvalidOperationException">The configuration says not who may export, or AWS Batch's queue or definition is missing in an environment.</exception>
    public static SlackExportOptions ToServe(Func<string?, ExportConfig> read, SlackSecrets secrets, bool runsInProcess)
    {
        ExportConfig common = read(null);
        if (common.Slack.Authorization is null)
        {
            throw new InvalidOperationException(
                "the configuration has no slack.authorization: without it anybody in any workspace could export every device's logs. "
                + $"The smallest that would do, with your ids:\n{AuthorizationConfig.Smallest(common.Environments)}");
        }

        List<(string? Name, ExportConfig Config)> environments = common.Environments.Count == 0 ? [(null, common)] : [.. common.Environments.Select(name => ((string?)name, read(name)))];
        foreach ((string? name, ExportConfig config) in environments)
        {
            if (!runsInProcess && (config.JobQueue is null || config.JobDefinition is null))
            {
                throw new InvalidOperationException(
                    $"jobQueue or jobDefinition is missing in {(name is null ? "the configuration" : $"the environment '{name}' of the configuration")}; without AWS Batch use --runner local.");
            }
        }

        return Of(common, [.. environments.Select(e => e.Config.ToEnvironment(e.Name))]) with
        {
            Authorization = common.Slack.Authorization,
            StateEnvironment = common.Bucket.Length > 0 ? common.ToEnvironment(null) : null,
            SigningSecrets = secrets.SigningSecrets,
            BotToken = secrets.BotToken,
            RunsInProcess = runsInProcess,
        };
    }

    /// <summary>To export from one environment.</summary>
    public static SlackExportOptions ToExport(ExportConfig config, DeflateProfile profile, string? botToken)
    {
        SlackExportEnvironment environment = config.ToEnvironment(null) with
        {
            ConfigureExporter = exporter => exporter with { Profile = profile, PartBytes = PartBytes, ParallelParts = ParallelParts, FetchAheadBytes = FetchAheadBytes },
        };
        return Of(config, [environment]) with { BotToken = botToken, DefaultEnvironment = null };
    }

    private static SlackExportOptions Of(ExportConfig config, SlackExportEnvironment[] environments) => new()
    {
        Layout = config.Layout,
        Environments = environments,
        DefaultEnvironment = config.Slack.DefaultEnvironment,
        CommandName = config.Slack.Command,
        EveryDevice = config.Slack.EveryDevice,
        ResponseHosts = config.Slack.ResponseHosts,
        ApiUrl = config.Slack.ApiUrl,
        PublicUrl = config.Slack.PublicUrl,
        LinksInChannels = config.Slack.LinksInChannels,
        ChannelLinkValidity = config.Slack.ChannelLinkValidity,
    };
}
