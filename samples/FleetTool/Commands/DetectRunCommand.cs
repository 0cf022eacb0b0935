using IotOps.Aws;
using IotOps.Detect;
using IotOps.Samples.CommandLine;
using IotOps.Samples.FleetTool.Detection;
using IotOps.Samples.FleetTool.Lines;
using IotOps.Samples.FleetTool.Routing;
using IotOps.Samples.FleetTool.Trail;
using IotOps.Samples.Logging;
using Microsoft.Extensions.Logging;

namespace IotOps.Samples.FleetTool.Commands;

/// <summary>Holds a fleet to its security profiles.</summary>
internal static class DetectRunCommand
{
    private static readonly TimeSpan StatisticsInterval = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LongestDelivery = TimeSpan.FromMinutes(1);

    public static Command Command { get; } = new()
    {
        Name = "detect run",
        Summary = "Hold what devices report to security profiles, and raise alarms, until SIGTERM. What was seen is remembered over restarts.",
        Options =
        [
            new("--profiles", "PATHS", "Security profiles: files and folders, comma between them. See detect check."),
            new("--queue", "URL", "Messages come from this SQS queue,"),
            new("--inbox", "FILE", "or from this file, into which detect put writes; it is made where there is none."),
            new("--state", "FILE", "What was seen is remembered in this file, for one process; it is made where there is none,"),
            new("--table", "NAME", "or in this DynamoDB table, for several."),
            new("--create-table", null, "With --table: make the table, where there is none."),
            new("--things", "FILE", "The things and their groups as SearchIndex answers them; unless given AWS IoT is asked, where a profile is attached to groups."),
            new("--topic", "ARNS", "SNS topics for alarms, comma between them. Web hooks, Slack and how alarms are grouped: see the configuration."),
            DetectSettings.ConfigOption,
            DetectSettings.SourcesOption,
            new("--workers", "N", "Batches of up to 200 messages that are handled side by side; 2 unless given."),
            new("--once", null, "End when the queue is empty: 0 when every message was handled and every alarm delivered, 1 when not."),
            new("--json", null, "Print alarms that go nowhere else, and the statistics at the end, as one JSON object a line."),
            FleetClients.RegionOption,
        ],
        RunAsync = RunAsync,
    };

    private static async Task<int> RunAsync(CommandArguments arguments)
    {
        DetectSettings settings = DetectSettings.Read(arguments);
        IReadOnlyList<ProfileFile> files = ProfileFiles.Read(settings.Profiles, settings.Sources);
        if (!ProfileText.PrintProblems(files))
        {
            return 2;
        }

        using var signals = new ShutdownSignals();
        using var lines = new LineLoggerFactory(new LineLoggerProvider(Console.Error, TimeProvider.System));
        try
        {
            return await RunAsync(arguments, settings, [.. files.Select(file => file.Profile!)], lines, signals.Requested);
        }
        catch (OperationCanceledException) when (signals.Requested.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("FleetTool: stopped");
            return arguments.Has("--once") ? 1 : 0;
        }
        catch (Exception e) when (e is AwsException or IOException or UnauthorizedAccessException or InvalidDataException or ArgumentException)
        {
            await Console.Error.WriteLineAsync($"FleetTool: {e.Message.Split(" (Parameter", 2)[0]}");
            return 1;
        }
    }

    private static async Task<int> RunAsync(CommandArguments arguments, DetectSettings settings, IReadOnlyList<DetectProfile> profiles, LineLoggerFactory lines, CancellationToken stopping)
    {
        bool isOnce = arguments.Has("--once");
        using var clients = new FleetClients(arguments["--aws-region"]);
        IDetectInbox inbox = await DetectParts.OpenInboxAsync(settings, clients, isOnce, stopping);
        await using var openInbox = inbox as IAsyncDisposable;
        await using IDetectStore store = await DetectParts.OpenStoreAsync(settings, clients, arguments.Has("--create-table"), stopping);
        IFleetMembership? membership = await DetectParts.LoadMembershipAsync(settings, profiles, clients, lines, stopping);
        await using var openMembership = membership as IAsyncDisposable;
        await using AlarmDispatcher? alarms = settings.Alarms?.Dispatcher(clients, isAtOnce: isOnce, lines);
        using var worker = new DetectWorker(new DetectWorkerOptions
        {
            Inbox = inbox,
            Store = store,
            Engine = new DetectEngine(new DetectEngineOptions
            {
                Profiles = profiles,
                Membership = membership,
                Sources = settings.Sources,
                Patience = settings.Config.Patience,
                StatisticsDays = settings.Config.StatisticsDays,
            }),
            Receivers = arguments.Integer("--workers", 1, 64) ?? 2,
            LoggerFactory = lines,
        });
        int left = 0;
        bool isJson = arguments.Has("--json");
        if (isOnce)
        {
            await worker.DrainAsync(stopping);
            left = await StoredAlarms.HandOverAsync(store, alarms is null ? alarm => StoredAlarms.PrintAsync(alarm, isJson) : alarm => DeliverAsync(alarms, alarm, stopping), stopping);
        }
        else
        {
            ILogger logger = lines.CreateLogger("FleetTool.detect");
            DetectLog.Began(logger, profiles.Count, settings.Inbox ?? settings.Queue!, settings.State ?? settings.Table!, Describe(membership, settings), alarms is null ? "the output" : $"{alarms.Status.Count} places");
            await RunAsync(worker, store, alarms, isJson, lines, stopping);
        }

        DetectWorkerStatistics done = worker.Statistics;
        await Console.Error.WriteLineAsync($"FleetTool: {StatisticsText.Of(done)}{(left > 0 ? $"; {left} alarms were not delivered, and stay for the next run" : "")}");
        if (isJson)
        {
            Console.WriteLine(JsonLine.Of(json => StatisticsText.Write(json, done)));
        }

        return isOnce && done.Unreadable + done.Failed + left > 0 ? 1 : 0;
    }

    private static async Task RunAsync(DetectWorker worker, IDetectStore store, AlarmDispatcher? alarms, bool isJson, LineLoggerFactory lines, CancellationToken stopping)
    {
        ILogger logger = lines.CreateLogger("FleetTool.detect");
        await using CancellationTokenRegistration said = stopping.Register(() => DetectLog.Stopping(logger));
        Task handing = Task.CompletedTask;
        AlarmForwarder? forwarder = null;
        if (alarms is null)
        {
            handing = RepeatAsync(() => PrintAsync(store, isJson, logger), TimeSpan.FromSeconds(1), stopping);
        }
        else
        {
            forwarder = new AlarmForwarder(store, alarms, new AlarmForwarderOptions { LoggerFactory = lines });
        }

        await using (forwarder)
        {
            Task counting = RepeatAsync(
                () =>
                {
                    DetectLog.Statistics(logger, StatisticsText.Of(worker.Statistics));
                    return Task.CompletedTask;
                },
                StatisticsInterval,
                stopping);
            await worker.RunAsync(stopping);
            await Task.WhenAll(counting, handing);
        }

        if (alarms is null)
        {
            // Those of the last batches.
            await PrintAsync(store, isJson, logger);
        }
    }

    private static async Task PrintAsync(IDetectStore store, bool isJson, ILogger logger)
    {
        try
        {
            await StoredAlarms.HandOverAsync(store, alarm => StoredAlarms.PrintAsync(alarm, isJson), CancellationToken.None);
        }
        catch (IOException e)
        {
            DetectLog.NotPrinted(logger, e.Message);
        }
    }

    // The first time after an interval: there is nothing to tell before.
    private static async Task RepeatAsync(Func<Task> work, TimeSpan interval, CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(interval);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping))
            {
                await work();
            }
        }
        catch (OperationCanceledException)
        {
            // The host ends.
        }
    }

    private static async Task<bool> DeliverAsync(AlarmDispatcher alarms, StoredAlarm alarm, CancellationToken stopping)
    {
        try
        {
            return await alarms.DeliverAsync(FleetAlarm.Of(alarm), stopping).WaitAsync(LongestDelivery, stopping);
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private static string Describe(IFleetMembership? membership, DetectSettings settings) => membership switch
    {
        FileMembership file => $"{file.Things} things in {settings.Things}",
        AccountMembership account => $"{account.Things} things in AWS IoT",
        _ => "none",
    };
}
