using IotOps.Shared;

namespace IotOps.Defender.DependencyInjection;

/// <summary>The options of a publisher, and of what it measures, as a section of a host's configuration has them.</summary>
internal static class DefenderPublisherSettings
{
    /// <summary>Reads all but <see cref="DefenderPublisherOptions.Connection"/>, which the host's services have.</summary>
    public static DefenderPublisherOptions Read(SettingsReader settings)
    {
        var defaults = new DefenderPublisherOptions
        {
            Connection = null!,
            ThingName = settings.Required(nameof(DefenderPublisherOptions.ThingName), "the thing that reports, such as 'pump1'"),
        };
        return defaults with
        {
            Collector = new MetricsCollector(settings.Object(nameof(DefenderPublisherOptions.Collector), ReadCollector) ?? new MetricsCollectorOptions()),
            Topic = settings.Text(nameof(DefenderPublisherOptions.Topic)),
            Format = settings.Choice(nameof(DefenderPublisherOptions.Format), defaults.Format),
            Names = settings.Choice(nameof(DefenderPublisherOptions.Names), defaults.Names),
            Interval = settings.Duration(nameof(DefenderPublisherOptions.Interval), defaults.Interval),
            Jitter = settings.Duration(nameof(DefenderPublisherOptions.Jitter), defaults.Jitter),
            AllowShortInterval = settings.Boolean(nameof(DefenderPublisherOptions.AllowShortInterval), defaults.AllowShortInterval),
            ReplyTimeout = settings.Duration(nameof(DefenderPublisherOptions.ReplyTimeout), defaults.ReplyTimeout),
            MaxReportBytes = settings.Bytes(nameof(DefenderPublisherOptions.MaxReportBytes), defaults.MaxReportBytes),
            StateDirectory = settings.Text(nameof(DefenderPublisherOptions.StateDirectory)),
            AlarmTopic = settings.Text(nameof(DefenderPublisherOptions.AlarmTopic)),
        };
    }

    private static MetricsCollectorOptions ReadCollector(SettingsReader settings)
    {
        var defaults = new MetricsCollectorOptions();
        return defaults with
        {
            ProcfsRoot = settings.Text(nameof(MetricsCollectorOptions.ProcfsRoot), defaults.ProcfsRoot) ?? defaults.ProcfsRoot,
            ProcessId = settings.Integer(nameof(MetricsCollectorOptions.ProcessId)),
            SysfsRoot = settings.Text(nameof(MetricsCollectorOptions.SysfsRoot)),
            IncludeInterfaces = settings.Texts(nameof(MetricsCollectorOptions.IncludeInterfaces), defaults.IncludeInterfaces),
            ExcludeInterfaces = settings.Texts(nameof(MetricsCollectorOptions.ExcludeInterfaces), defaults.ExcludeInterfaces),
            BuiltIn = settings.Texts(nameof(MetricsCollectorOptions.BuiltIn), defaults.BuiltIn),
            DiskPath = settings.Text(nameof(MetricsCollectorOptions.DiskPath), defaults.DiskPath) ?? defaults.DiskPath,
            StateFile = settings.Text(nameof(MetricsCollectorOptions.StateFile)),
        };
    }
}
