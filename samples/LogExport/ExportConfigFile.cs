using IotOps.Archive;
using IotOps.Samples.CommandLine;
using IotOps.Samples.Configuration;

namespace IotOps.Samples.LogExport;

/// <summary>Reads export.json5. Variables of the process override it: <c>LOGEXPORT_BUCKET</c>, <c>LOGEXPORT_OUTPUT</c>, <c>LOGEXPORT_LINK_VALIDITY</c>, <c>LOGEXPORT_ROLE_ARN</c>.</summary>
internal static class ExportConfigFile
{
    /// <summary>Reads the file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="environment">One of its environments; null for none.</param>
    /// <param name="variable">Reads a variable of the process.</param>
    /// <exception cref="ConfigException">It cannot be read, or has problems.</exception>
    /// <exception cref="UsageException">There is no such environment, or a variable cannot be used.</exception>
    public static ExportConfig Read(string path, string? environment, Func<string, string?> variable) =>
        Override(ConfigFile.Read(path, document => Read(document, environment)), variable);

    internal static ExportConfig Read(ConfigReader document, string? environment)
    {
        ConfigReader environments = document.Object("environments");
        List<(string Name, ConfigReader Reader)> known = [.. environments.Keys.Select(name => (name, environments.Object(name)))];
        var common = new ExportConfig
        {
            Bucket = document.String("bucket") ?? "",
            Output = document.String("output")?.Trim('/') ?? "slack/iot-logs",
            LinkValidity = document.Duration("linkValidity", TimeSpan.FromMinutes(60)),
            Region = document.String("region"),
            RoleArn = document.String("roleArn"),
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
        Region = environment.String("region") ?? common.Region,
        RoleArn = environment.String("roleArn") ?? common.RoleArn,
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

    private static ExportConfig Override(ExportConfig config, Func<string, string?> variable)
    {
        string? Of(string name) => variable("LOGEXPORT_" + name) is { Length: > 0 } value ? value : null;

        TimeSpan validity = config.LinkValidity;
        if (Of("LINK_VALIDITY") is { } text && !Duration.TryParse(text, out validity))
        {
            throw new UsageException($"LOGEXPORT_LINK_VALIDITY must be a time such as {Duration.Examples}, not '{text}'");
        }

        config = config with
        {
            Bucket = Of("BUCKET") ?? config.Bucket,
            Output = Of("OUTPUT")?.Trim('/') ?? config.Output,
            RoleArn = Of("ROLE_ARN") ?? config.RoleArn,
            LinkValidity = validity,
        };
        return config.Bucket.Length > 0
            ? config
            : throw new UsageException("no bucket is set: give 'bucket' in the configuration, or LOGEXPORT_BUCKET");
    }
}
