using System.Text.RegularExpressions;
using IotOps.Logs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IotOps.HouseTests.Snippets;

/// <summary>The code of src/IotOps.Logs/README.md.</summary>
internal static class LogsReadme
{
    public static async Task Files(CancellationToken deadline)
    {
        await using var shipper = new LogShipper(new LogShipperOptions
        {
            Region = "eu-west-1",
            StateDirectory = "/var/lib/my-agent",
            ThingName = "THING00001",
            RetentionDays = 30,
            Files =
            [
                new LogFileOptions { Path = "/var/log/sys*log", Group = "devices", Stream = "{thing}/{file}" },
                new LogFileOptions { Path = "/var/log/app/**/*.log", Group = "devices", Stream = "{thing}/app", Timestamp = LogTimestampOptions.Iso8601 },
            ],
        });
        shipper.Start();

        // ... and when the agent ends:
        LogShipperStatistics final = await shipper.StopAsync(deadline);
        Console.WriteLine($"{final.EventsAccepted} accepted, {final.EventsPending} left on disk for the next start");
    }

    public static LogShipperOptions Journal()
    {
        var options = new LogShipperOptions
        {
            Region = "eu-west-1",
            StateDirectory = "/var/lib/my-agent",
            ThingName = "THING00001",
            Journal = new LogJournalOptions { Group = "devices", Stream = "{thing}/journal", MinimumLevel = LogLevel.Information },
        };
        return options;
    }

    public static LogFileOptions Filtered()
    {
        var warnings = new LogFileOptions
        {
            Path = "/var/log/app/*.log",
            Group = "devices",
            Stream = "{thing}/app/{date}",
            MinimumLevel = LogLevel.Warning,
            ExcludeEvents = new Regex("GET /healthz", RegexOptions.None, TimeSpan.FromMilliseconds(100)),
            Timestamp = new LogTimestampOptions { Format = "epoch", JsonField = "time" },
        };
        return warnings;
    }

    public static void Logger(IServiceCollection services)
    {
        services.AddIotOpsLogs(new LogShipperOptions { Region = "eu-west-1", StateDirectory = "/var/lib/my-agent" });
        services.AddLogging(logging => logging.AddIotOpsCloudWatch(new CloudWatchLoggerOptions
        {
            Group = "devices",
            Stream = "THING00001/agent",
            Format = CloudWatchLogFormat.Json,
        }));
    }

    public static async Task Upload(CancellationToken deadline)
    {
        using var uploader = new S3Uploader();
        await uploader.PutFileAsync("eu-west-1", "my-bucket", "THING00001/core.dump", "/var/crash/core.dump", deadline);
    }
}
