using System.Diagnostics;
using IotOps.Samples.FleetConsole.Store;
using IotOps.TestKit;

namespace IotOps.FleetConsole.Tests.Feeds;

public sealed class KilledConsoleTests
{
    private const int Lines = 20_000;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_console_that_is_killed_while_it_reads_loses_nothing_and_counts_nothing_twice()
    {
        using TempDirectory folder = new(), data = new();
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        await File.WriteAllLinesAsync(folder["iot.log"], Enumerable.Range(0, Lines).Select(i => Line(now.AddSeconds(i - Lines), i)), Cancel);
        string file = data["console.db"];
        for (int kill = 1; kill <= 3; kill++)
        {
            await RunAsync(folder.Path, data.Path, file, kill * 4_000);
        }

        await RunAsync(folder.Path, data.Path, file, Lines);

        await using SqliteConsoleStore store = await SqliteConsoleStore.OpenAsync(file, cancellationToken: Cancel);
        var query = new ErrorQuery(new TimeRange(now.AddDays(-2), now.AddDays(1)));
        (await store.ReadErrorChartAsync(query, Cancel)).Errors.ShouldBe(Lines);
        (await store.ReadTemplatesAsync(query, cancellationToken: Cancel)).Sum(one => one.Errors).ShouldBe(Lines);
        long lines = 0;
        LineKey? after = null;
        do
        {
            LinePage page = await store.ReadLinesAsync(new LineQuery(query), after, 5_000, Cancel);
            lines += page.Lines.Count;
            after = page.Next;
        }
        while (after is not null);

        lines.ShouldBe(Lines);
    }

    private static string Line(DateTimeOffset time, int i) =>
        $$"""{"timestamp":"{{time:yyyy-MM-dd HH:mm:ss.fff}}","logLevel":"ERROR","traceId":"{{i}}","status":"Failure","eventType":"Connect","clientId":"THING{{i % 9:D5}}","reason":"R{{i % 3}}","details":"failure {{i}}"}""";

    // Until the store has so many events; then SIGKILL.
    private static async Task RunAsync(string folder, string data, string file, long events)
    {
        using Process console = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "FleetConsole.dll"), "--from", folder, "--data", data, "--listen", "http://127.0.0.1:0"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;
        try
        {
            (await console.StandardOutput.ReadLineAsync(Cancel)).ShouldNotBeNull().ShouldStartWith("Listening on ");
            _ = console.StandardError.ReadToEndAsync(Cancel);
            await using SqliteConsoleStore store = await SqliteConsoleStore.OpenAsync(file, cancellationToken: Cancel);
            using var late = new CancellationTokenSource(TimeSpan.FromMinutes(1), TimeProvider.System);
            while ((await store.ReadStatusAsync(Cancel)).Events < events)
            {
                late.IsCancellationRequested.ShouldBeFalse("it does not get further");
                await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, Cancel);
            }
        }
        finally
        {
            console.Kill();
            await console.WaitForExitAsync(Cancel);
        }
    }
}
