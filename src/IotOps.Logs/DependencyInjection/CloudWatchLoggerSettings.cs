using IotOps.Shared;

namespace IotOps.Logs.DependencyInjection;

/// <summary>The options of a logger provider as a section of a host's configuration has them.</summary>
internal static class CloudWatchLoggerSettings
{
    public static CloudWatchLoggerOptions Read(SettingsReader settings)
    {
        var defaults = new CloudWatchLoggerOptions
        {
            Group = settings.Required(nameof(CloudWatchLoggerOptions.Group), "the log group that messages go to, such as 'devices'"),
            Stream = settings.Required(nameof(CloudWatchLoggerOptions.Stream), "the log stream, such as '{thing}/agent'"),
        };
        return defaults with
        {
            Format = settings.Choice(nameof(CloudWatchLoggerOptions.Format), defaults.Format),
            IncludeScopes = settings.Boolean(nameof(CloudWatchLoggerOptions.IncludeScopes), defaults.IncludeScopes),
            DrainTimeout = settings.Duration(nameof(CloudWatchLoggerOptions.DrainTimeout), defaults.DrainTimeout),
        };
    }
}
