using IotOps.Shared;

namespace IotOps.Logs.DependencyInjection;

/// <summary>The options of a shipper as a section of a host's configuration has them.</summary>
internal static class LogShipperSettings
{
    public static LogShipperOptions Read(SettingsReader settings)
    {
        var defaults = new LogShipperOptions
        {
            StateDirectory = settings.Required(nameof(LogShipperOptions.StateDirectory), "a folder that outlives the process, such as '/var/lib/agent/logs'"),
            Region = settings.Required(nameof(LogShipperOptions.Region), "the region of the log groups, such as 'eu-west-1'"),
        };
        return defaults with
        {
            Endpoint = settings.Url(nameof(LogShipperOptions.Endpoint)),
            Files = settings.Objects(nameof(LogShipperOptions.Files), LogFileSettings.Read) ?? defaults.Files,
            Journal = settings.Object(nameof(LogShipperOptions.Journal), LogFileSettings.ReadJournal),
            ThingName = settings.Text(nameof(LogShipperOptions.ThingName)),
            CreateMissing = settings.Boolean(nameof(LogShipperOptions.CreateMissing), defaults.CreateMissing),
            RetentionDays = settings.Integer(nameof(LogShipperOptions.RetentionDays)),
            GroupClass = settings.Choice(nameof(LogShipperOptions.GroupClass), defaults.GroupClass),
            GroupDeletionProtection = settings.Boolean(nameof(LogShipperOptions.GroupDeletionProtection), defaults.GroupDeletionProtection),
            GroupKmsKeyArn = settings.Text(nameof(LogShipperOptions.GroupKmsKeyArn)),
            GroupTags = settings.Map(nameof(LogShipperOptions.GroupTags)),
            Gzip = settings.Boolean(nameof(LogShipperOptions.Gzip), defaults.Gzip),
            FlushInterval = settings.Duration(nameof(LogShipperOptions.FlushInterval), defaults.FlushInterval),
            MaxEventBytes = settings.Bytes(nameof(LogShipperOptions.MaxEventBytes), defaults.MaxEventBytes),
            OldEvents = settings.Choice(nameof(LogShipperOptions.OldEvents), defaults.OldEvents),
            MaxParallelRequests = settings.Integer(nameof(LogShipperOptions.MaxParallelRequests), defaults.MaxParallelRequests),
            MaxBufferedBytes = settings.Bytes(nameof(LogShipperOptions.MaxBufferedBytes), defaults.MaxBufferedBytes),
            SpoolLimitBytes = settings.Bytes(nameof(LogShipperOptions.SpoolLimitBytes), defaults.SpoolLimitBytes),
            MaxOpenFiles = settings.Integer(nameof(LogShipperOptions.MaxOpenFiles), defaults.MaxOpenFiles),
            PollInterval = settings.Duration(nameof(LogShipperOptions.PollInterval), defaults.PollInterval),
            KeepPositions = settings.Duration(nameof(LogShipperOptions.KeepPositions), defaults.KeepPositions),
        };
    }
}
