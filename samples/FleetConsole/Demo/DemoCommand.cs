using IotOps.Samples.FleetConsole.Acts;
using IotOps.Samples.FleetConsole.Feeds;
using IotOps.Samples.FleetConsole.Store;
using IotOps.Samples.Simulation;

namespace IotOps.Samples.FleetConsole.Demo;

/// <summary>The console over an emulator and a simulated fleet, in one process and in a temporary folder that goes with it.</summary>
internal static class DemoCommand
{
    /// <param name="settings">How the console runs.</param>
    /// <param name="output">Where it says what it does.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<int> RunAsync(ConsoleSettings settings, TextWriter output, CancellationToken cancellationToken)
    {
        string folder = Directory.CreateTempSubdirectory("fleet-console-demo-").FullName;
        try
        {
            await ServeAsync(settings, folder, output, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // This is how it ends.
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        return 0;
    }

    private static async Task ServeAsync(ConsoleSettings settings, string folder, TextWriter output, CancellationToken cancellationToken)
    {
        TimeProvider clock = settings.TimeProvider;
        var story = new DemoStory(clock);
        await using DemoAccount account = await DemoAccount.StartAsync(story.Things, story.Suspect, cancellationToken);
        await using SqliteConsoleStore store = await SqliteConsoleStore.OpenAsync(Path.Combine(folder, "console.db"), clock: clock, cancellationToken: cancellationToken);
        await using DemoDetect detect = await DemoDetect.OpenAsync(folder, account.Emulator.Mqtt.Port, clock, cancellationToken);
        QuarantineTools quarantine = account.Quarantine(Path.Combine(folder, "quarantines"));
        IFeed[] feeds = [new ConnectivityWatch(store, SegmentRules.Default, clock, watchAddresses: false), new BrokerFeed("127.0.0.1", account.Emulator.Mqtt.Port, clock), detect];
        await using WebApplication app = ConsoleHost.Build(settings with { Place = "demo: an emulator and a simulated fleet" }, store, services => services
            .AddSingleton(quarantine)
            .AddSingleton<IReadOnlyList<IFeed>>(feeds)
            .AddSingleton<IConsoleWriter>(store)
            .AddHostedService<FeedHost>());

        await output.WriteLineAsync("A week of 60 devices is replayed ...");
        await story.ReplayAsync(store, detect.TakeAsync, time => output.WriteLine($"  {time:u}"), cancellationToken);
        await app.StartAsync(cancellationToken);
        await output.WriteLineAsync($"""
            Listening on {app.Urls.First()}
              Errors: refusals have surged since {story.Changed.AddMinutes(4):HH:mm} UTC; a policy was changed at {story.Changed:HH:mm}.
              {story.Suspect} was taken over minutes ago. Its next report gives it away, within a minute: see Findings, then plan its quarantine on its page.
            Ctrl+C ends it; nothing stays behind.
            """);

        await detect.Listens.WaitAsync(cancellationToken);
        await using DemoLink link = new(account.Emulator, except: story.Suspect), suspect = new(account.Emulator);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task[] live =
        [
            new LiveFleet(link, clock).RunAsync(story.Live(), cancellationToken: stop.Token),
            story.ContinueSuspectAsync(suspect, stop.Token),
            story.ContinueAsync(store, stop.Token),
        ];
        await app.WaitForShutdownAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await stop.CancelAsync();
        await Task.WhenAll(live).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await app.StopAsync(CancellationToken.None);
    }
}
