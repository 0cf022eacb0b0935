using IotOps.Shared;

namespace IotOps.Shadow.DependencyInjection;

/// <summary>The options of a shadow cache as a section of a host's configuration has them.</summary>
internal static class ShadowCacheSettings
{
    /// <summary>Reads all but <see cref="ShadowCacheOptions.Connection"/>, which the host's services have.</summary>
    public static ShadowCacheOptions Read(SettingsReader settings)
    {
        var defaults = new ShadowCacheOptions
        {
            Connection = null!,
            ThingName = settings.Required(nameof(ShadowCacheOptions.ThingName), "the thing whose shadows these are, such as 'pump1'"),
            StateDirectory = settings.Required(nameof(ShadowCacheOptions.StateDirectory), "a folder that outlives the process, such as '/var/lib/agent/shadow'"),
        };
        return defaults with
        {
            Shadows = ReadShadows(settings, defaults.Shadows),
            Sync = ReadSync(settings, defaults.Sync),
            Direction = settings.Choice(nameof(ShadowCacheOptions.Direction), defaults.Direction),
            Durability = settings.Choice(nameof(ShadowCacheOptions.Durability), defaults.Durability),
            DesiredConflicts = ReadConflicts(settings, nameof(ShadowCacheOptions.DesiredConflicts), defaults.DesiredConflicts),
            ReportedConflicts = ReadConflicts(settings, nameof(ShadowCacheOptions.ReportedConflicts), defaults.ReportedConflicts),
            MaxDepth = settings.Integer(nameof(ShadowCacheOptions.MaxDepth), defaults.MaxDepth),
            MaxBytes = settings.Bytes(nameof(ShadowCacheOptions.MaxBytes), defaults.MaxBytes),
            ReplyTimeout = settings.Duration(nameof(ShadowCacheOptions.ReplyTimeout), defaults.ReplyTimeout),
            EncryptionKey = settings.Key(nameof(ShadowCacheOptions.EncryptionKey)),
            MigratePlainState = settings.Boolean(nameof(ShadowCacheOptions.MigratePlainState), defaults.MigratePlainState),
            MinStateRevision = settings.Long(nameof(ShadowCacheOptions.MinStateRevision), defaults.MinStateRevision),
        };
    }

    private static List<ShadowId> ReadShadows(SettingsReader settings, IReadOnlyList<ShadowId> otherwise)
    {
        List<ShadowId> shadows = [];
        foreach (string name in settings.Texts(nameof(ShadowCacheOptions.Shadows), [.. otherwise.Select(shadow => shadow.Name)]))
        {
            try
            {
                shadows.Add(new ShadowId(name));
            }
            catch (ArgumentException e)
            {
                settings.Problem(nameof(ShadowCacheOptions.Shadows), e.Message.Split(" (Parameter", 2)[0]);
            }
        }

        return shadows;
    }

    private static ShadowSync ReadSync(SettingsReader settings, ShadowSync otherwise)
    {
        string text = settings.Text(nameof(ShadowCacheOptions.Sync), "Realtime") ?? "";
        if (text.Equals("Realtime", StringComparison.OrdinalIgnoreCase))
        {
            return ShadowSync.Realtime;
        }

        if (text.Equals("Manual", StringComparison.OrdinalIgnoreCase))
        {
            return ShadowSync.Manual;
        }

        if (Duration.TryParse(text, out TimeSpan interval) && interval >= TimeSpan.FromSeconds(1) && interval <= TimeSpan.FromDays(24))
        {
            return ShadowSync.Every(interval);
        }

        settings.Problem(nameof(ShadowCacheOptions.Sync), $"must be Realtime, Manual or a time from 1s to 24d such as '60s', not '{text}'.");
        return otherwise;
    }

    private static ShadowConflictResolver ReadConflicts(SettingsReader settings, string key, ShadowConflictResolver otherwise)
    {
        const string Device = nameof(ShadowConflicts.DeviceWins);
        const string Cloud = nameof(ShadowConflicts.CloudWins);
        string text = settings.Text(key, otherwise == ShadowConflicts.DeviceWins ? Device : Cloud) ?? "";
        if (!text.Equals(Device, StringComparison.OrdinalIgnoreCase) && !text.Equals(Cloud, StringComparison.OrdinalIgnoreCase))
        {
            settings.Problem(key, $"must be {Device} or {Cloud}, not '{text}'.");
        }

        return text.Equals(Device, StringComparison.OrdinalIgnoreCase) ? ShadowConflicts.DeviceWins : ShadowConflicts.CloudWins;
    }
}
