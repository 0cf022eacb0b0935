using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Amazon.Runtime;
using IotOps.Emulator;
using IotOps.InteropTests.Peers;
using IotOps.Logs;
using IotOps.TestKit;
using Microsoft.Extensions.Logging;

namespace IotOps.InteropTests.Journal;

/// <summary>Journal files that systemd wrote, read by the shipper: every entry once, over rotation, restarts, outages and damage.</summary>
public sealed class JournalSourceTests(InteropPeers peers) : IAsyncLifetime
{
    private const string Boot = "11111111111111111111111111111111";

    private static readonly long Start = (TimeProvider.System.GetUtcNow() - TimeSpan.FromHours(1)).ToUnixTimeMilliseconds();

    private readonly TempDirectory _directory = new();
    private AwsEmulator _aws = null!;
    private int _written;

    private static CancellationToken Soon => new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token;

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(_directory["journal"]);
        _aws = await AwsEmulator.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _aws.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task Entries_arrive_with_their_times_and_are_not_sent_again_after_a_restart_and_a_rotation()
    {
        await WriteAsync("system", "one", "two\nof two lines", "three");
        (await ShipAsync()).EventsAccepted.ShouldBe(3);

        File.Move(_directory["journal/system.journal"], _directory["journal/system@00000000000000000000000000000001-0000000000000001-0000000000000001.journal"]);
        await WriteAsync("system", "four", "five");
        (await ShipAsync()).EventsAccepted.ShouldBe(2);
        (await ShipAsync()).EventsAccepted.ShouldBe(0);

        Messages().ShouldBe(["app[42]: one", "app[42]: two\nof two lines", "app[42]: three", "app[42]: four", "app[42]: five"]);
        _aws.Logs.Events("g", "dev").Select(static e => e.Timestamp.ToUnixTimeMilliseconds()).ShouldBe([Start + 1, Start + 2, Start + 3, Start + 4, Start + 5]);
    }

    [Fact]
    public async Task What_an_outage_left_is_sent_once_by_the_next_run()
    {
        await WriteAsync("system", [.. Enumerable.Range(0, 500).Select(static i => $"entry {i}")]);
        using (FaultHandle outage = _aws.Faults.Add(new Fault { Operation = "*", Status = 503 }))
        {
            await using var first = new LogShipper(Options());
            first.Start();
            while (outage.Hits == 0)
            {
                await Task.Yield();
            }
        }

        (await ShipAsync()).EventsAccepted.ShouldBe(500);
        Messages().ShouldBe([.. Enumerable.Range(0, 500).Select(static i => $"app[42]: entry {i}")]);
    }

    [Fact]
    public async Task A_damaged_file_costs_what_it_held_and_nothing_else()
    {
        await WriteAsync("first", "one", "two");
        await WriteAsync("damaged", [.. Enumerable.Range(0, 200).Select(static i => $"lost or not {i} {new string('x', 700)}")]);
        await WriteAsync("last", "three", "four");
        byte[] damaged = await File.ReadAllBytesAsync(_directory["journal/damaged.journal"]);
        new Random(7).NextBytes(damaged.AsSpan(damaged.Length / 200, damaged.Length / 50));
        await File.WriteAllBytesAsync(_directory["journal/damaged.journal"], damaged);

        await ShipAsync();

        string[] good = [.. Messages().Where(static m => !m.Contains("lost or not", StringComparison.Ordinal))];
        good.ShouldBe(["app[42]: one", "app[42]: two", "app[42]: three", "app[42]: four"]);
        await WriteAsync("later", "five");
        await ShipAsync();
        Messages()[^1].ShouldBe("app[42]: five");
        Messages().Distinct(StringComparer.Ordinal).Count().ShouldBe(Messages().Length);
    }

    [Fact]
    public async Task A_message_that_is_no_text_and_one_that_is_compressed_arrive()
    {
        string large = new('y', 100_000);
        await WriteAsync("system", Encoding.UTF8.GetBytes(large), [(byte)'a', 0xFF, (byte)'\n', (byte)'b']);
        await ShipAsync();
        Messages().ShouldBe(["app[42]: " + large, "app[42]: a\uFFFD\nb"]);
    }

    [Fact]
    public async Task Entries_below_the_minimum_level_are_left_out_and_counted()
    {
        await WriteAtAsync("system", 6, "info");
        await WriteAtAsync("system", 3, "error");
        await WriteAtAsync("system", null, "without a priority");
        LogShipperStatistics counters = await ShipAsync(j => j with { MinimumLevel = LogLevel.Warning });
        (counters.EventsAccepted, counters.EventsFiltered).ShouldBe((2, 1));
        Messages().ShouldBe(["app[42]: error", "app[42]: without a priority"]);
        (await ShipAsync(j => j with { MinimumLevel = LogLevel.Warning })).EventsAccepted.ShouldBe(0);
    }

    [Fact]
    public async Task From_the_end_only_what_comes_later_is_shipped()
    {
        await WriteAsync("system", "before");
        (await ShipAsync(static j => j with { Start = LogStart.End })).EventsAccepted.ShouldBe(0);
        await WriteAsync("system", "after");
        (await ShipAsync(static j => j with { Start = LogStart.End })).EventsAccepted.ShouldBe(1);
        Messages().ShouldBe(["app[42]: after"]);
    }

    [Fact]
    public async Task Entries_that_come_while_it_runs_are_shipped_beside_files()
    {
        await WriteAsync("system", "one");
        await File.WriteAllTextAsync(_directory["app.log"], "a line\n");
        await using var shipper = new LogShipper(Options() with { Files = [new LogFileOptions { Path = _directory["app.log"], Group = "g", Stream = "files" }] });
        shipper.Start();
        await _aws.Logs.WaitForEventsAsync("g", "dev", 1, Soon);
        await WriteAsync("system", "two");
        await _aws.Logs.WaitForEventsAsync("g", "dev", 2, Soon);
        await _aws.Logs.WaitForEventsAsync("g", "files", 1, Soon);
        (await shipper.StopAsync(Soon)).EventsAccepted.ShouldBe(3);
    }

    [Fact]
    public async Task Without_journalctl_the_files_go_on_and_the_journal_counts_as_pending()
    {
        await File.WriteAllTextAsync(_directory["app.log"], "a line\n");
        LogShipperOptions options = Options(static j => j with { Program = "/nonexistent/journalctl" }) with
        {
            Files = [new LogFileOptions { Path = _directory["app.log"], Group = "g", Stream = "files" }],
        };
        await using var shipper = new LogShipper(options);
        shipper.Start();
        await shipper.WaitUntilIdleAsync(TimeSpan.FromMilliseconds(100), Soon);
        LogShipperStatistics counters = await shipper.StopAsync(Soon);
        (counters.EventsAccepted, counters.FilesPending).ShouldBe((1, 1));
    }

    private string[] Messages() => [.. _aws.Logs.Events("g", "dev").Select(static e => e.Message)];

    private async Task<LogShipperStatistics> ShipAsync(Func<LogJournalOptions, LogJournalOptions>? change = null)
    {
        await using var shipper = new LogShipper(Options(change));
        shipper.Start();
        await shipper.WaitUntilIdleAsync(TimeSpan.FromMilliseconds(100), Soon);
        LogShipperStatistics counters = await shipper.StopAsync(Soon);
        counters.EventsPending.ShouldBe(0);
        return counters;
    }

    private LogShipperOptions Options(Func<LogJournalOptions, LogJournalOptions>? change = null)
    {
        peers.Require("systemd-journal-remote");
        var journal = new LogJournalOptions { Group = "g", Stream = "dev", Directory = _directory["journal"] };
        return new LogShipperOptions
        {
            StateDirectory = _directory["state"],
            Region = "us-east-1",
            Credentials = new BasicAWSCredentials(_aws.AccessKeyId, _aws.SecretAccessKey),
            Endpoint = _aws.Endpoint,
            FlushInterval = TimeSpan.FromMilliseconds(50),
            Journal = change?.Invoke(journal) ?? journal,
        };
    }

    private Task WriteAsync(string name, params string[] messages) => WriteAsync(name, 6, [.. messages.Select(Encoding.UTF8.GetBytes)]);

    private Task WriteAsync(string name, params byte[][] messages) => WriteAsync(name, 6, messages);

    private Task WriteAtAsync(string name, int? priority, string message) => WriteAsync(name, priority, [Encoding.UTF8.GetBytes(message)]);

    private async Task WriteAsync(string name, int? priority, byte[][] messages)
    {
        string program = peers.Require("systemd-journal-remote").Program;
        using var export = new MemoryStream();
        foreach (byte[] message in messages)
        {
            long time = Start + ++_written;
            Text(export, $"__REALTIME_TIMESTAMP={time}000\n__MONOTONIC_TIMESTAMP={_written}000\n_BOOT_ID={Boot}\n_MACHINE_ID={Boot}\nSYSLOG_IDENTIFIER=app\n_PID=42\n");
            Text(export, priority is null ? "" : string.Create(CultureInfo.InvariantCulture, $"PRIORITY={priority}\n"));
            byte[] length = new byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(length, message.Length);
            export.Write([.. "MESSAGE\n"u8, .. length, .. message, .. "\n\n"u8]);
        }

        await File.WriteAllBytesAsync(_directory["input.export"], export.ToArray());
        await PeerCommand.RunAsync(program, [$"--output={_directory[$"journal/{name}.journal"]}", _directory["input.export"]]);
    }

    private static void Text(MemoryStream export, string text) => export.Write(Encoding.UTF8.GetBytes(text));
}
