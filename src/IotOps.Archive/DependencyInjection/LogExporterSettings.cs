using IotOps.Aws;
using IotOps.Shared;

namespace IotOps.Archive.DependencyInjection;

/// <summary>The options of an exporter as a section of a host's configuration has them.</summary>
internal static class LogExporterSettings
{
    private const string Categories = "Categories";

    /// <summary>Reads all but <see cref="LogExporterOptions.S3"/>, which the host's services have.</summary>
    public static LogExporterOptions Read(SettingsReader settings)
    {
        var defaults = new LogExporterOptions
        {
            S3 = null!,
            Bucket = settings.Required(nameof(LogExporterOptions.Bucket), "the bucket that the logs lie in, such as 'dev-iot-logs'"),
            Layout = settings.Object(Categories, LogLayoutSettings.Read, "where the logs lie: a section for each category, such as Categories:telemetry:Prefix") ?? LogLayoutSettings.Unread,
        };
        return defaults with
        {
            OutputBucket = settings.Text(nameof(LogExporterOptions.OutputBucket)),
            Output = settings.Text(nameof(LogExporterOptions.Output), defaults.Output) ?? defaults.Output,
            LinkValidity = settings.Duration(nameof(LogExporterOptions.LinkValidity), defaults.LinkValidity),
            Profile = settings.Choice(nameof(LogExporterOptions.Profile), defaults.Profile),
            Threads = settings.Integer(nameof(LogExporterOptions.Threads)) ?? defaults.Threads,
            FetchAheadBytes = settings.Bytes(nameof(LogExporterOptions.FetchAheadBytes), defaults.FetchAheadBytes),
            ParallelRequests = settings.Integer(nameof(LogExporterOptions.ParallelRequests), defaults.ParallelRequests),
            PartBytes = settings.Bytes(nameof(LogExporterOptions.PartBytes), defaults.PartBytes),
            ParallelParts = settings.Integer(nameof(LogExporterOptions.ParallelParts), defaults.ParallelParts),
            SpoolDirectory = settings.Text(nameof(LogExporterOptions.SpoolDirectory)),
            LostObjects = settings.Choice(nameof(LogExporterOptions.LostObjects), defaults.LostObjects),
            Retry = settings.Object(nameof(LogExporterOptions.Retry), retry => ReadRetry(retry, defaults.Retry)) ?? defaults.Retry,
            DownloadTimeout = settings.Duration(nameof(LogExporterOptions.DownloadTimeout), defaults.DownloadTimeout),
            EndTimeout = settings.Duration(nameof(LogExporterOptions.EndTimeout), defaults.EndTimeout),
        };
    }

    private static AwsRetryOptions ReadRetry(SettingsReader settings, AwsRetryOptions defaults) => new()
    {
        MaxAttempts = settings.Integer(nameof(AwsRetryOptions.MaxAttempts), defaults.MaxAttempts),
        BaseDelay = settings.Duration(nameof(AwsRetryOptions.BaseDelay), defaults.BaseDelay),
        MaxDelay = settings.Duration(nameof(AwsRetryOptions.MaxDelay), defaults.MaxDelay),
    };
}
