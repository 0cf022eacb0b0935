using IotOps.Emulator;
using IotOps.Logs;
using Spectre.Console;

namespace IotOps.Samples.Quickstart;

/// <summary>A live table on a terminal; nothing moves when the output is piped.</summary>
internal static class ProgressView
{
    private static readonly TimeSpan RefreshInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>Shows the counters until the work is done.</summary>
    public static async Task ShowAsync(LogShipper shipper, AwsEmulator emulator, Task work)
    {
        if (Console.IsOutputRedirected)
        {
            await work;
            return;
        }

        await AnsiConsole.Live(Draw(shipper.Statistics, emulator)).StartAsync(async live =>
        {
            while (!work.IsCompleted)
            {
                await Task.WhenAny(work, Task.Delay(RefreshInterval, TimeProvider.System));
                live.UpdateTarget(Draw(shipper.Statistics, emulator));
            }
        });
        await work;
    }

    private static Table Draw(LogShipperStatistics counters, AwsEmulator emulator) =>
        new Table().RoundedBorder()
            .AddColumn("").AddColumn(new TableColumn("events").RightAligned()).AddColumn(new TableColumn("MB").RightAligned())
            .AddRow("read from files", $"{counters.EventsRead:N0}", $"{counters.BytesRead / 1e6:N1}")
            .AddRow("accepted by the service", $"{counters.EventsAccepted:N0}", $"{emulator.Logs.AcceptedBytes / 1e6:N1}")
            .AddRow("requests", $"{counters.Batches:N0}", $"{emulator.Logs.Requests.Sum(r => (long)r.WireBytes) / 1e6:N1} on the wire");
}
