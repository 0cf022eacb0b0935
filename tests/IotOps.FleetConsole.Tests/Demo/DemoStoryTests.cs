using System.Text;
using IotOps.Samples.FleetConsole.Demo;
using IotOps.Samples.FleetConsole.Store;
using IotOps.Samples.Simulation;
using IotOps.TestKit;

namespace IotOps.FleetConsole.Tests.Demo;

public sealed class DemoStoryTests
{
    private const string OpenedPort = "4444";

    [Fact]
    public async Task The_suspect_gives_itself_away_by_its_first_live_report_within_a_minute()
    {
        using TempDirectory data = new();
        ManualTimeProvider clock = new(new DateTimeOffset(2026, 11, 24, 14, 30, 0, TimeSpan.Zero));
        await using SqliteConsoleStore store = await SqliteConsoleStore.OpenAsync(data["console.db"], clock: clock, cancellationToken: TestContext.Current.CancellationToken);
        var story = new DemoStory(clock);
        List<string> replayed = [];
        await story.ReplayAsync(store, Take, static _ => { }, TestContext.Current.CancellationToken);
        replayed.ShouldNotBeEmpty();
        replayed.ShouldNotContain(report => report.Contains(OpenedPort, StringComparison.Ordinal), "nothing of the week gives it away");

        var link = new RecordingLink();
        using var stop = new CancellationTokenSource();
        Task live = story.ContinueSuspectAsync(link, stop.Token);
        for (int second = 0; second < 60; second++)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
        }

        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(live);
        link.Devices.ShouldBe([story.Suspect]);
        link.Reports.First().ShouldContain(OpenedPort);

        Task Take(IReadOnlyCollection<ReadOnlyMemory<byte>> reports)
        {
            replayed.AddRange(reports.Select(report => System.Text.Json.JsonElement.Parse(report.Span).GetProperty("report").GetBytesFromBase64()).Select(Encoding.UTF8.GetString));
            return Task.CompletedTask;
        }
    }

    private sealed class RecordingLink : ISimulatedLink
    {
        public HashSet<string> Devices { get; } = [];

        public List<string> Reports { get; } = [];

        public Task ConnectAsync(string device, string principal, CancellationToken cancellationToken)
        {
            Devices.Add(device);
            return Task.CompletedTask;
        }

        public Task DisconnectAsync(string device, bool isCut) => Task.CompletedTask;

        public Task PublishAsync(string device, string topic, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
        {
            if (topic.Contains("/defender/", StringComparison.Ordinal))
            {
                Reports.Add(Encoding.UTF8.GetString(payload.Span));
            }

            return Task.CompletedTask;
        }
    }
}
