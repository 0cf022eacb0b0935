using IotOps.Archive;
using IotOps.Aws;
using IotOps.Samples.CommandLine;

namespace IotOps.Samples.LogExport;

/// <summary>Makes a zip: what an AWS Batch job runs.</summary>
internal static class GenerateCommand
{
    public static Command Command { get; } = new()
    {
        Name = "generate-ziplog",
        Summary = "Merge a device's logs of a day, or of some days, into one zip in S3, and print a link to it.",
        Options =
        [
            new("--identifier", "ID", "Thing name, client id or certificate id; client_id for every device."),
            new("--category", "NAMES", "Categories or their aliases, comma between them."),
            new("--date", "DAY[..DAY]", "The day in UTC, such as 2023/10/01, or the first and the last one."),
            new("--request", "ID", "Names the export: given again after it was killed, it goes on; after it was done, it prints a new link. One that was made in Slack is told there."),
            new("--resume", "ID", "Go on with an export by its id alone."),
            new("--plan", "N", "Split the export into N shards and print its id."),
            new("--shard", "I/N", "Do shard I of N, from 0, of the export --request names; array/N takes AWS_BATCH_JOB_ARRAY_INDEX."),
            new("--finish", "ID", "Join the shards into the zip."),
            new("--keep-unreadable", null, "Put what cannot be read into the zip, too, in files of its own: telemetry_20231001.unreadable.log."),
            new("--environment", "NAME", "One of the configuration's environments."),
            new("--profile", "PROFILE", "balanced (the default), fast or smallest."),
            new("--config", "FILE", "Configuration, JSON5; by default LOGEXPORT_CONFIG, else export.json5."),
            new("--json", null, "Print the result as one JSON object on the last line."),
        ],
        RunAsync = RunAsync,
    };

    private static async Task<int> RunAsync(CommandArguments arguments)
    {
        string path = ExportConfigFile.Find(arguments["--config"]);
        ExportConfig config = ExportConfigFile.Read(path, Given(arguments, "--environment"), Environment.GetEnvironmentVariable).WithBucket();
        ExportRequest? request = ShardedRun.IsAsked(arguments) ? null : ExportRequest.Read(arguments);
        using var signals = new ShutdownSignals();
        try
        {
            using var clients = new ExportClients(config);
            LogExporterOptions options = clients.Options(config, ExportRequest.ReadProfile(arguments));
            if (request is null)
            {
                await ShardedRun.RunAsync(arguments, new ShardedLogExporter(options), signals.Requested);
            }
            else
            {
                LogExportResult result = await AskedExport.RunAsync(request, new LogExporter(options), config, new ExportProgressView(), signals.Requested);
                ExportAnswer.Print(result, arguments.Has("--json"));
            }

            return 0;
        }
        catch (ArgumentException e)
        {
            throw new UsageException(e.Message.Split(" (Parameter", 2)[0]);
        }
        catch (Exception e) when (e is AwsException or IOException or InvalidDataException or InvalidOperationException)
        {
            await Console.Error.WriteLineAsync($"LogExport: {e.Message}");
            return 1;
        }
        catch (OperationCanceledException) when (signals.Requested.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync(request?.Id is { } id
                ? $"LogExport: stopped; --resume {id} goes on"
                : "LogExport: stopped; nothing was stored");
            return 1;
        }
    }

    // AWS Batch passes a parameter that was not given as an empty word.
    internal static string? Given(CommandArguments arguments, string name) => arguments[name] is { Length: > 0 } value ? value : null;
}
