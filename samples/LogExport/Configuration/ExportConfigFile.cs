using IotOps.Archive;
using IotOps.Samples.CommandLine;
using IotOps.Samples.Configuration;
using IotOps.Shared;

namespace IotOps.Samples.LogExport.Configuration;

/// <summary>Reads export.json5. Variables of the process override it: <c>LOGEXPORT_BUCKET</c>, <c>LOGEXPORT_OUTPUT</c>, <c>LOGEXPORT_LINK_VALIDITY</c>, <c>LOGEXPORT_ROLE_ARN</c>, <c>LOGEXPORT_JOB_QUEUE</c>, <c>LOGEXPORT_JOB_DEFINITION</c>, <c>LOGEXPORT_PUBLIC_URL</c>.</summary>
internal static class ExportConfigFile
{
    /// <summary>Reads the file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="environment">One of its environments; null for none.</param>
    /// <param name="variable">Reads a variable of the process.</param>
    /// <exception cref="ConfigException">It cannot be read, or has problems.</exception>
    /// <exception cref="UsageException">There is no such environment, or a variable cannot be used.</exception>
    public static ExportConfig Read(string path, string? environment, Func<string, string?> variable) =>
        Override(ConfigFile.Read(path, document => Read(document, environment)), environment, variable);

    /// <summary>Reads the file that is meant, once for each environment. Variables override what stands outside of environments only: one bucket would not do for all.</summary>
    /// <param name="path">As <see cref="Find"/> takes it.</param>
    public static Func<string?, ExportConfig> Reader(string? path)
    {
        string file = Find(path);
        return environment => Read(file, environment, environment is null ? Environment.GetEnvironmentVariable : _ => null);
    }

    /// <summary>The file that is meant.</summary>
    /// <param name="path">The file; null is the one that LOGEXPORT_CONFIG names, else export.json5; in the program's own directory when it is not in this one.</param>
    public static string Find(string? path)
    {
        path ??= Environment.GetEnvironmentVariable("LOGEXPORT_CONFIG") is { Length: > 0 } named ? named : "export.json5";
        string beside = Path.Combine(AppContext.BaseDirectory, path);
        return !File.Exists(path) && File.Exists(beside) ? beside : path;
    }

    internal static ExportConfig Read(ConfigReader document, string? environment)
    {
        ConfigReader environments = document.Object("environments");
        List<(string Name, ConfigReader Reader)> known = [.. environments.Keys.Select(name => (name, environments.Object(name)))];
        var common = new ExportConfig
        {
            Bucket = document.String("bucket") ?? "",
            Output = document.String("output")?.Trim('/') ?? "slack/iot-logs",
            LinkValidity = document.Duration("linkValidity", TimeSpan.FromMinutes(60)),
            TimeZone = document.String("timeZone"),
            Region = document.String("region"),
            RoleArn = document.String("roleArn"),
            ExternalId = document.String("externalId"),
            Environments = [.. environments.Keys],
            Slack = SlackConfig.Read(document.Object("slack"), environments.Keys),
            JobQueue = document.String("jobQueue"),
            JobDefinition = document.String("jobDefinition"),
            Layout = ReadLayout(document),
        };

        // All of them are read, so that a mistake in one is found before it is chosen.
        Dictionary<string, ExportConfig> configs = known.ToDictionary(e => e.Name, e => ReadEnvironment(e.Reader, common), StringComparer.Ordinal);
        if (environment is null)
        {
            return common;
        }

        return configs.TryGetValue(environment, out ExportConfig? chosen)
            ? chosen
            : throw new UsageException($"there is no environment '{environment}' in the configuration; there are: {string.Join(", ", configs.Keys)}");
    }

    private static ExportConfig ReadEnvironment(ConfigReader environment, ExportConfig common) => common with
    {
        Bucket = environment.String("bucket") ?? common.Bucket,
        Output = environment.String("output")?.Trim('/') ?? common.Output,
        TimeZone = environment.String("timeZone") ?? common.TimeZone,
        Region = environment.String("region") ?? common.Region,
        RoleArn = environment.String("roleArn") ?? common.RoleArn,
        ExternalId = environment.String("externalId") ?? common.ExternalId,
        JobQueue = environment.String("jobQueue") ?? common.JobQueue,
        JobDefinition = environment.String("jobDefinition") ?? common.JobDefinition,
    };

    private static LogLayout ReadLayout(ConfigReader document)
    {
        ConfigReader categories = document.Object("categories");
        List<LogCategory> layout = [];
        foreach (string name in categories.Keys)
        {
            ConfigReader category = categories.Object(name);
            layout.Add(new LogCategory
            {
                Name = name,
                Prefix = category.RequiredString("prefix", "where the category's objects are, such as 'telemetry/{yyyy}/{MM}/{dd}/{HH}/'"),
                Aliases = category.Strings("aliases"),
                Identifier = category.String("identifier"),
                Time = category.String("time"),
                TimeZone = category.String("timeZone"),
                DeliveryDelay = category.Duration("deliveryDelay", TimeSpan.Zero),
            });
        }

        try
        {
            return new LogLayout(layout);
        }
        catch (ArgumentException e)
        {
            document.Problem("categories", $"cannot be used: {e.Message.Split(" (Parameter", 2)[0]}");
            return new LogLayout(new LogCategory { Name = "none", Prefix = "none/" });
        }
    }

    private static ExportConfig Override(ExportConfig config, string? environment, Func<string, string?> variable)
    {
        string? Of(string name) => variable("LOGEXPORT_" + name) is { Length: > 0 } value ? value : null;

        TimeSpan validity = config.LinkValidity;
        if (Of("LINK_VALIDITY") is { } text && !Duration.TryParse(text, out validity))
        {
            throw new UsageException($"LOGEXPORT_LINK_VALIDITY must be a time such as {Duration.Examples}, not '{text}'");
        }

        Uri? publicUrl = config.Slack.PublicUrl;
        if (Of("PUBLIC_URL") is { } address && !Uri.TryCreate($"{address.TrimEnd('/')}/", UriKind.Absolute, out publicUrl))
        {
            throw new UsageException($"LOGEXPORT_PUBLIC_URL must be an absolute URL, not '{address}'");
        }

        config = config with
        {
            Slack = config.Slack with { PublicUrl = publicUrl },
            Bucket = Of("BUCKET") ?? config.Bucket,
            Output = Of("OUTPUT")?.Trim('/') ?? config.Output,
            RoleArn = Of("ROLE_ARN") ?? config.RoleArn,
            JobQueue = Of("JOB_QUEUE") ?? config.JobQueue,
            JobDefinition = Of("JOB_DEFINITION") ?? config.JobDefinition,
            LinkValidity = validity,
        };

        // What stands outside of environments needs no bucket where each of those has one.
        return environment is null && config.Environments.Count > 0 ? config : config.WithBucket();
    }
}
