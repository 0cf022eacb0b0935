using IotOps.Logs;
using IotOps.Samples.Configuration;
using IotOps.Samples.DeviceAgent.Health;
using IotOps.Samples.DeviceAgent.Outbox;

namespace IotOps.Samples.DeviceAgent;

/// <summary>Reads agent.json5.</summary>
internal static class AgentConfigFile
{
    private static readonly int[] RetentionDays =
        [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

    /// <summary>Reads the file; relative paths in it count from its directory.</summary>
    /// <exception cref="ConfigException">It cannot be read, or has problems.</exception>
    public static AgentConfig Read(string path)
    {
        string directory = Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/";
        return ConfigFile.Read(path, document => Read(document, directory));
    }

    internal static AgentConfig Read(ConfigReader document, string directory)
    {
        // Greengrass tells its components which thing they run on.
        string? thing = document.String("thing") ?? Environment.GetEnvironmentVariable("AWS_IOT_THING_NAME");
        ConfigReader cloud = document.Object("services").Object("cloud");
        bool ownKeys = cloud.Boolean("keys", otherwise: false);
        bool shipsLogs = cloud.Boolean("logs", otherwise: true);
        bool keepsShadow = cloud.Boolean("shadow", otherwise: false);
        bool keepsMessages = cloud.Boolean("outbox", otherwise: false);
        bool remedies = cloud.Boolean("remediation", otherwise: false);
        bool defends = cloud.Boolean("defender", otherwise: false);
        KeysConfig? keys = ReadKeys(document.Object("keys"), directory, ownKeys);
        ConfigReader logs = document.Object("logs");
        if (keepsShadow && thing is null)
        {
            cloud.Problem("shadow", "is true, but 'thing' is missing: it is the thing's shadow");
        }

        if (remedies && !keepsShadow)
        {
            cloud.Problem("remediation", "is true, but 'shadow' is not: remediations come by the shadow");
        }

        if (defends && thing is null)
        {
            cloud.Problem("defender", "is true, but 'thing' is missing: it is the thing's report");
        }

        string? connectsFor = keepsShadow ? "services.cloud.shadow is true" : defends ? "services.cloud.defender is true" : keepsMessages ? "services.cloud.outbox is true" : null;

        LogJournalOptions? journal = logs.Has("journal") ? LogFileConfig.ReadJournal(logs.Object("journal"), directory, thing) : null;
        List<LogFileOptions> files = [.. logs.Objects("files").Select(f => LogFileConfig.Read(f, directory, thing))];

        return new AgentConfig
        {
            Thing = thing,
            Region = document.String("region"),
            Aws = AwsConfig.Read(document, directory),
            StateDirectory = Path.Combine(directory, document.String("state") ?? "state"),
            Keys = keys,
            Mqtt = MqttConfig.Read(document.Object("mqtt"), directory, thing, connectsFor),
            Shadow = ShadowConfig.Read(document.Object("shadow"), keepsShadow),
            Remediation = RemediationConfig.Read(document.Object("remediation"), remedies),
            Outbox = OutboxConfig.Read(document.Object("outbox"), keepsMessages),
            Defender = DefenderConfig.Read(document.Object("defender"), directory, thing, defends),
            Health = HealthConfig.Read(document.Object("health")),
            Trace = ReadTrace(document.Object("trace"), directory, thing),
            Files = shipsLogs ? files : [],
            Journal = shipsLogs ? journal : null,
            RetentionDays = ReadRetention(logs),
            GroupClass = logs.Choice("groupClass", LogGroupClass.Standard, ("standard", LogGroupClass.Standard), ("infrequentAccess", LogGroupClass.InfrequentAccess), ("essentials", LogGroupClass.Essentials)),
            GroupDeletionProtection = logs.Boolean("deletionProtection", otherwise: false),
            GroupKmsKeyArn = logs.String("kmsKeyArn"),
            GroupTags = ReadTags(logs.Object("tags")),
            Gzip = logs.Boolean("gzip", otherwise: true),
            Flush = logs.Duration("flush", TimeSpan.FromSeconds(5)),
            OldEvents = logs.Choice("oldEvents", OldEvents.ArrivalTime, ("arrivalTime", OldEvents.ArrivalTime), ("reject", OldEvents.Reject)),
        };
    }

    // The section may stay in the file while services.cloud.keys is false; it is read all the same, so that a mistake in it is found.
    private static KeysConfig? ReadKeys(ConfigReader keys, string directory, bool needed)
    {
        const string Why = "services.cloud.keys is true";
        string Text(string key) => needed ? keys.RequiredString(key, Why) : keys.String(key) ?? "";

        string endpoint = Text("endpoint");
        if (!Uri.TryCreate(endpoint, UriKind.Absolute, out Uri? uri) || uri.Scheme != Uri.UriSchemeHttps)
        {
            if (endpoint.Length > 0)
            {
                keys.Problem("endpoint", $"must be an https:// address, not '{endpoint}'");
            }

            uri = new Uri("https://invalid");
        }

        var config = new KeysConfig
        {
            Endpoint = uri,
            RoleAlias = Text("roleAlias"),
            Certificate = Path.Combine(directory, Text("certificate")),
            Key = Path.Combine(directory, Text("key")),
            Ca = keys.String("ca") is { } ca ? Path.Combine(directory, ca) : null,
        };
        return needed ? config : null;
    }

    private static TraceConfig ReadTrace(ConfigReader trace, string directory, string? thing)
    {
        string? path = trace.String("path");
        var defaults = new TraceConfig();
        return new TraceConfig
        {
            ToCloud = path == "cloud",
            File = path is null or "cloud" ? null : Path.Combine(directory, path),
            Group = trace.String("group") ?? defaults.Group,
            Stream = trace.String("stream") ?? (thing is null ? defaults.Stream : "{thing}/agent"),
        };
    }

    private static Dictionary<string, string> ReadTags(ConfigReader tags)
    {
        var read = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string key in tags.Keys)
        {
            read[key] = tags.String(key) ?? "";
        }

        return read;
    }

    private static int? ReadRetention(ConfigReader logs)
    {
        int? days = logs.Integer("retentionDays", 1, 3653);
        if (days is { } value && !RetentionDays.Contains(value))
        {
            logs.Problem("retentionDays", $"is {value}, but CloudWatch Logs knows only {string.Join(", ", RetentionDays)}");
        }

        return days;
    }
}
