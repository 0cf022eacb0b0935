using System.Globalization;
using IotOps.Archive;
using IotOps.Aws;
using IotOps.Samples.CommandLine;
using IotOps.Samples.Logging;
using IotOps.Samples.LogExport.Configuration;
using IotOps.SlackExport;
using Microsoft.Extensions.Logging;

namespace IotOps.Samples.LogExport;

/// <summary>Makes a zip: the command of an AWS Batch job.</summary>
internal static class GenerateCommand
{
    public static Command Command { get; } = new()
    {
        Name = "generate-ziplog",
        Summary = "Merge a device's logs of a day, or of some days, into one zip in S3, and print a link to it.",
        Options =
        [
            new("--identifier", "ID[,ID]", "Thing name, client id or certificate id; client_id for every device. Several get a folder each."),
            new("--category", "NAMES", "Comma-separated categories or aliases."),
            new("--date", "DAY[..DAY]", "The day, such as 2023/10/01, or the first and the last one; in UTC, or in --time-zone."),
            new("--hours", "TIME..TIME", "From when until when of each day, such as 08:00..10:30."),
            new("--time-zone", "NAME", "The zone that days and hours are of, such as Europe/Berlin; by default the configuration's timeZone, else UTC."),
            new("--contains", "TEXT", "Only records, or lines, that have this text in them, upper and lower case told apart."),
            new("--matches", "REGEX", "Only records, or lines, that this regular expression matches, without look-around and back references."),
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
        ExportConfig config = ExportConfigFile.Read(
            ExportConfigFile.Find(arguments["--config"]), arguments.Given("--environment"), Environment.GetEnvironmentVariable).WithBucket();
        ExportRequest? request = ShardedRun.IsAsked(arguments) ? null : ExportRequest.Read(arguments, config.TimeZone);
        DeflateProfile profile = ExportRequest.ReadProfile(arguments);
        using var signals = new ShutdownSignals();
        using var log = new LineLoggerProvider(Console.Error, TimeProvider.System, LogLevel.Warning);
        using ILoggerFactory loggers = LoggerFactory.Create(logging => logging.AddProvider(log));
        using var outbound = new Outbound(TimeProvider.System);
        SlackExportJob? job = null;
        try
        {
            SlackExportOptions options = ExportOptions.ToExport(config, profile, SlackSecrets.ReadBotToken(Environment.GetEnvironmentVariable));
            job = new SlackExportJob(outbound.Through(options) with { LoggerFactory = loggers });
            if (request is null)
            {
                await ShardedRun.RunAsync(arguments, new ShardedLogExporter(job.ExporterOptions), config.TimeZone, signals.Requested);
            }
            else
            {
                var progress = new ExportProgressView();
                ExportAnswer.Print(
                    request.New is null
                        ? await job.Exporter.ResumeAsync(request.Id!, progress, signals.Requested)
                        : await job.RunAsync(request.New, IsRetry(), progress, signals.Requested),
                    arguments.Has("--json"));
            }

            return 0;
        }
        catch (Exception e) when (job is { HasPostedFailure: true })
        {
            await Console.Error.WriteLineAsync($"LogExport: {e.Message}");
            return SlackExportJob.PostedFailureExitCode;
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
        finally
        {
            job?.Dispose();
        }
    }

    private static bool IsRetry() =>
        int.TryParse(Environment.GetEnvironmentVariable("AWS_BATCH_JOB_ATTEMPT"), NumberStyles.None, CultureInfo.InvariantCulture, out int attempt) && attempt > 1;
}
