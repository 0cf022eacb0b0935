using Amazon.Runtime;
using IotOps.Emulator;
using IotOps.TestKit;

namespace IotOps.Logs.Tests;

/// <summary>A whole shipper, a real file and the emulator's faults: nothing lost, counters exact.</summary>
public sealed class ShipperUnderFaultsTests : IAsyncLifetime
{
    private const int Lines = 12_000;

    private readonly TempDirectory _directory = new();
    private readonly FaultyFileSystem _disk = new();
    private AwsEmulator _aws = null!;

    private static CancellationToken Soon => new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token;

    public async ValueTask InitializeAsync() => _aws = await AwsEmulator.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _aws.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task A_service_that_is_out_for_a_whole_run_gets_everything_from_the_next()
    {
        string[] lines = Write();
        using (_aws.Faults.Add(new Fault { Operation = "*", Status = 503 }))
        {
            await using LogShipper first = NewShipper();
            first.Start();
            using var deadline = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
            Exact(await first.StopAsync(deadline.Token)).EventsAccepted.ShouldBe(0);
        }

        await ShipAsync();

        Received().ShouldBe(lines);
    }

    [Fact]
    public async Task A_service_that_goes_away_and_comes_back_gets_each_line_once()
    {
        string[] lines = Write();
        FaultHandle outage = _aws.Faults.Add(new Fault { Operation = "PutLogEvents", Status = 503 });
        await using LogShipper shipper = NewShipper();
        shipper.Start();
        while (outage.Hits < 20)
        {
            await Task.Yield();
            Exact(shipper.Statistics);
        }

        outage.Dispose();
        await shipper.WaitUntilIdleAsync(TimeSpan.FromMilliseconds(50), Soon);

        Received().ShouldBe(lines);
        Exact(shipper.Statistics).Retries.ShouldBeGreaterThanOrEqualTo(20);
        shipper.Statistics.EventsPending.ShouldBe(0);
    }

    [Fact]
    public async Task Every_fifth_request_failing_neither_loses_nor_doubles_a_line()
    {
        string[] lines = Write();
        FaultHandle faults = _aws.Faults.Add(new Fault { Operation = "PutLogEvents", Status = 500, Every = 5 });

        LogShipperStatistics final = await ShipAsync(inPieces: true);

        faults.Hits.ShouldBeGreaterThan(0);
        Received().ShouldBe(lines);
        final.EventsAccepted.ShouldBe(Lines);
    }

    [Fact]
    public async Task A_connection_cut_after_the_service_accepted_doubles_that_request_at_most()
    {
        string[] lines = Write();
        FaultHandle faults = _aws.Faults.Add(new Fault { Operation = "PutLogEvents", DropAfterAccepting = true, Every = 3 });

        LogShipperStatistics final = await ShipAsync(inPieces: true);

        faults.Hits.ShouldBeGreaterThan(0);
        Received().Distinct(StringComparer.Ordinal).ShouldBe(lines);
        _aws.Logs.Requests.Count.ShouldBe((int)final.Batches + faults.Hits + 1, "one more: the first found no stream");
        final.EventsAccepted.ShouldBe(Lines);
    }

    [Fact]
    public async Task Credentials_that_expire_on_the_way_cost_one_request()
    {
        string[] lines = Write();
        FaultHandle faults = _aws.Faults.Add(new Fault { Operation = "PutLogEvents", Status = 400, Code = "ExpiredTokenException", Times = 1 });

        await ShipAsync();

        faults.Hits.ShouldBe(1);
        Received().ShouldBe(lines);
    }

    [Theory]
    [InlineData(20)]
    [InlineData(-20)]
    [InlineData(50 * 365 * 24 * 60)]
    [InlineData(-50 * 365 * 24 * 60)]
    public async Task A_wrong_clock_changes_neither_what_arrives_nor_when_it_was(int minutes)
    {
        string[] lines = Write();
        DateTimeOffset before = TimeProvider.System.GetUtcNow();

        LogShipperStatistics final = await ShipAsync(o => o with { TimeProvider = new OffsetTimeProvider(TimeSpan.FromMinutes(minutes)) });

        Received().ShouldBe(lines);
        _aws.Logs.Events("g", "app.log").ShouldAllBe(e => (e.Timestamp - before).Duration() < TimeSpan.FromMinutes(1));
        final.EventsRetimed.ShouldBe(0);
    }

    [Fact]
    public async Task A_full_disk_under_the_checkpoint_stops_nothing_and_is_made_good()
    {
        Write();
        _disk.Affects = path => path.Contains("checkpoint", StringComparison.Ordinal);
        LogShipper shipper = NewShipper();
        await using (shipper)
        {
            shipper.Start();
            await shipper.WaitUntilIdleAsync(TimeSpan.FromMilliseconds(20), Soon);
            _disk.FreeBytes = 0;
            await File.AppendAllTextAsync(_directory["app.log"], "while the disk is full\n");
            await shipper.WaitUntilIdleAsync(TimeSpan.FromMilliseconds(20), Soon);
            Exact(shipper.Statistics).CheckpointFailures.ShouldBeGreaterThan(0);

            _disk.FreeBytes = long.MaxValue;
            await File.AppendAllTextAsync(_directory["app.log"], "afterwards\n");
            await shipper.WaitUntilIdleAsync(TimeSpan.FromMilliseconds(20), Soon);
            await shipper.StopAsync(Soon);
        }

        (await ShipAsync()).EventsAccepted.ShouldBe(0);
        Received().Length.ShouldBe(Lines + 2);
        Received()[^2..].ShouldBe(["while the disk is full", "afterwards"]);
    }

    [Fact]
    public async Task A_file_deleted_while_the_service_is_away_arrives_all_the_same()
    {
        string[] lines = Write(200);
        using (FaultHandle outage = _aws.Faults.Add(new Fault { Operation = "*", Status = 503 }))
        {
            await using LogShipper first = NewShipper(o => o with { PollInterval = TimeSpan.FromMilliseconds(20), FlushInterval = TimeSpan.FromMilliseconds(20) }, random: 1);
            first.Start();
            while (outage.Hits == 0)
            {
                await Task.Yield();
            }

            File.Delete(_directory["app.log"]);
            while (!Directory.EnumerateFiles(_directory["state"], "*.seg", SearchOption.AllDirectories).Any())
            {
                await Task.Yield();
            }

            Exact(first.Statistics).EventsPending.ShouldBe(200);
        }

        LogShipperStatistics final = await ShipAsync();

        Received().ShouldBe(lines);
        final.EventsAccepted.ShouldBe(200);
    }

    [Fact]
    public async Task A_poison_line_goes_to_quarantine_and_the_rest_arrives()
    {
        string[] lines = Write(100);
        _aws.Faults.Add(new Fault { Operation = "PutLogEvents", Status = 413, Code = "RequestEntityTooLarge", When = static r => r.LogStream == "poison.log" });
        await File.WriteAllTextAsync(_directory["poison.log"], "poison\n");

        LogShipperStatistics final = Exact(await ShipAsync());

        Received().ShouldBe(lines);
        final.EventsQuarantined.ShouldBe(1);
        (await File.ReadAllTextAsync(_directory["state/quarantine/events.jsonl"])).ShouldContain("\"message\":\"poison\"");
    }

    private static LogShipperStatistics Exact(LogShipperStatistics now)
    {
        (now.EventsAccepted + now.EventsRejected + now.EventsQuarantined + now.EventsDropped + now.EventsPending).ShouldBe(now.EventsRead);
        now.EventsPending.ShouldBeGreaterThanOrEqualTo(0);
        return now;
    }

    private string[] Write(int count = Lines)
    {
        string[] lines = [.. Enumerable.Range(0, count).Select(i => $"{i:D8} {new string((char)('a' + i % 26), 100)}")];
        File.WriteAllLines(_directory["app.log"], lines);
        return lines;
    }

    private string[] Received() => [.. _aws.Logs.Events("g", "app.log").Select(e => e.Message)];

    private LogShipper NewShipper(Func<LogShipperOptions, LogShipperOptions>? configure = null, double random = 0)
    {
        var options = new LogShipperOptions
        {
            StateDirectory = _directory["state"],
            Region = "us-east-1",
            Credentials = new BasicAWSCredentials(_aws.AccessKeyId, _aws.SecretAccessKey),
            Endpoint = _aws.Endpoint,
            FileSystem = _disk,
            Files = [new LogFileOptions { Path = _directory["*.log"], Group = "g", Stream = "{file}" }],
        };
        return new LogShipper(configure?.Invoke(options) ?? options, () => random);
    }

    private async Task<LogShipperStatistics> ShipAsync(Func<LogShipperOptions, LogShipperOptions>? configure = null, bool inPieces = false)
    {
        string rest = "";
        if (inPieces)
        {
            // Many requests out of one file: it grows while it is shipped.
            string whole = await File.ReadAllTextAsync(_directory["app.log"]);
            int cut = whole.Length / 10;
            await File.WriteAllTextAsync(_directory["app.log"], whole[..cut]);
            rest = whole[cut..];
        }

        await using LogShipper shipper = NewShipper(configure);
        shipper.Start();
        while (rest.Length > 0)
        {
            await shipper.WaitUntilIdleAsync(TimeSpan.Zero, Soon);
            int cut = Math.Min(rest.Length, rest.Length / 5 + 1000);
            await File.AppendAllTextAsync(_directory["app.log"], rest[..cut]);
            rest = rest[cut..];
        }

        await shipper.WaitUntilIdleAsync(TimeSpan.FromMilliseconds(20), Soon);
        LogShipperStatistics final = await shipper.StopAsync(Soon);
        final.EventsPending.ShouldBe(0);
        return final;
    }
}
