using IotOps.Archive;
using IotOps.Shared;

namespace IotOps.SlackExport.DependencyInjection;

/// <summary>The options of the command as a section of a host's configuration has them. Secrets come from where hosts keep them: variables, a vault, user secrets.</summary>
internal static class SlackExportSettings
{
    private static readonly LogLayout Unread = new(new LogCategory { Name = "unread", Prefix = "unread/" });

    public static SlackExportOptions Read(SettingsReader settings)
    {
        var defaults = new SlackExportOptions
        {
            Layout = settings.Foreign("Categories", "as in IotOps.Archive", LogLayout.FromConfiguration, Unread),
            Environments = settings.Objects(nameof(SlackExportOptions.Environments), ReadEnvironment) ?? [],
        };
        return defaults with
        {
            SigningSecrets = settings.Texts(nameof(SlackExportOptions.SigningSecrets), defaults.SigningSecrets),
            BotToken = settings.Text(nameof(SlackExportOptions.BotToken)),
            LinksInChannels = settings.Boolean(nameof(SlackExportOptions.LinksInChannels), defaults.LinksInChannels),
            ChannelLinkValidity = settings.Duration(nameof(SlackExportOptions.ChannelLinkValidity), defaults.ChannelLinkValidity),
            PublicUrl = settings.Url(nameof(SlackExportOptions.PublicUrl)),
            CommandName = settings.Text(nameof(SlackExportOptions.CommandName), defaults.CommandName) ?? defaults.CommandName,
            EveryDevice = settings.Texts(nameof(SlackExportOptions.EveryDevice), defaults.EveryDevice),
            DefaultEnvironment = settings.Text(nameof(SlackExportOptions.DefaultEnvironment)),
            RunsInProcess = settings.Boolean(nameof(SlackExportOptions.RunsInProcess), defaults.RunsInProcess),
            InProcess = settings.Object(nameof(SlackExportOptions.InProcess), ReadInProcess) ?? defaults.InProcess,
            MaxInFlight = settings.Integer(nameof(SlackExportOptions.MaxInFlight), defaults.MaxInFlight),
            Authorization = settings.Object(nameof(SlackExportOptions.Authorization), ReadAuthorization),
            StateEnvironment = settings.Object(nameof(SlackExportOptions.StateEnvironment), ReadEnvironment),
            ResponseHosts = settings.Texts(nameof(SlackExportOptions.ResponseHosts), defaults.ResponseHosts),
            ApiUrl = settings.Url(nameof(SlackExportOptions.ApiUrl), defaults.ApiUrl) ?? defaults.ApiUrl,
        };
    }

    private static SlackExportEnvironment ReadEnvironment(SettingsReader settings)
    {
        var defaults = new SlackExportEnvironment
        {
            Bucket = settings.Required(nameof(SlackExportEnvironment.Bucket), "the bucket that the logs lie in, such as 'dev-iot-logs'"),
        };
        return defaults with
        {
            Name = settings.Text(nameof(SlackExportEnvironment.Name)),
            Output = settings.Text(nameof(SlackExportEnvironment.Output), defaults.Output) ?? defaults.Output,
            LinkValidity = settings.Duration(nameof(SlackExportEnvironment.LinkValidity), defaults.LinkValidity),
            Region = settings.Text(nameof(SlackExportEnvironment.Region)),
            Endpoint = settings.Url(nameof(SlackExportEnvironment.Endpoint)),
            JobQueue = settings.Text(nameof(SlackExportEnvironment.JobQueue)),
            JobDefinition = settings.Text(nameof(SlackExportEnvironment.JobDefinition)),
        };
    }

    private static InProcessExportJobsOptions ReadInProcess(SettingsReader settings)
    {
        var defaults = new InProcessExportJobsOptions();
        return defaults with
        {
            Parallelism = settings.Integer(nameof(InProcessExportJobsOptions.Parallelism), defaults.Parallelism),
            QueueLimit = settings.Integer(nameof(InProcessExportJobsOptions.QueueLimit), defaults.QueueLimit),
            RememberedJobs = settings.Integer(nameof(InProcessExportJobsOptions.RememberedJobs), defaults.RememberedJobs),
            EndTimeout = settings.Duration(nameof(InProcessExportJobsOptions.EndTimeout), defaults.EndTimeout),
        };
    }

    private static SlackExportAuthorization ReadAuthorization(SettingsReader settings)
    {
        var defaults = new SlackExportAuthorization
        {
            AppId = settings.Required(nameof(SlackExportAuthorization.AppId), "the Slack app's id, such as 'A0123456789'"),
            Workspaces = settings.Objects(nameof(SlackExportAuthorization.Workspaces), ReadWorkspace) ?? [],
        };
        return defaults with { JobsPerUserAndHour = settings.Integer(nameof(SlackExportAuthorization.JobsPerUserAndHour), defaults.JobsPerUserAndHour) };
    }

    private static SlackExportWorkspace ReadWorkspace(SettingsReader settings) => new()
    {
        TeamId = settings.Text(nameof(SlackExportWorkspace.TeamId)),
        EnterpriseId = settings.Text(nameof(SlackExportWorkspace.EnterpriseId)),
        Grants = settings.Objects(nameof(SlackExportWorkspace.Grants), ReadGrant) ?? [],
    };

    private static SlackExportGrant ReadGrant(SettingsReader settings)
    {
        var defaults = new SlackExportGrant { Categories = settings.Texts(nameof(SlackExportGrant.Categories), []) };
        return defaults with
        {
            Users = settings.Texts(nameof(SlackExportGrant.Users), defaults.Users),
            UserGroups = settings.Texts(nameof(SlackExportGrant.UserGroups), defaults.UserGroups),
            Channels = settings.Texts(nameof(SlackExportGrant.Channels), defaults.Channels),
            Environments = settings.Texts(nameof(SlackExportGrant.Environments), defaults.Environments),
        };
    }
}
