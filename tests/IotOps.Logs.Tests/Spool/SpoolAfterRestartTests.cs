using System.Text;
using Amazon.Runtime;
using IotOps.Emulator;
using IotOps.Logs.Batching;
using IotOps.Logs.Checkpoints;
using IotOps.Logs.Spool;
using IotOps.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace IotOps.Logs.Tests.Spool;

/// <summary>What an earlier run moved from files into the spool, as the next start finds it.</summary>
public sealed class SpoolAfterRestartTests : IAsyncLifetime
{
    private readonly TempDirectory _state = new();
    private readonly TempDirectory _logs = new();
    private AwsEmulator _aws = null!;

    private static CancellationToken Soon => new CancellationTokenSource(TimeSpan.FromSeconds(30)).Token;

    public async ValueTask InitializeAsync() => _aws = await AwsEmulator.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _aws.DisposeAsync();
        _state.Dispose();
        _logs.Dispose();
    }

    [Fact]
    public async Task Lines_that_were_spooled_when_the_process_was_killed_before_the_checkpoint_moved_are_sent_once()
    {
        await RegisterAsync("app.log");
        Spill("s", ("app.log", "one"), ("app.log", "two"));

        await ShipAsync(Options("s"));

        _aws.Logs.Events("g", "s").Select(static e => e.Message).ShouldBe(["one", "two", "three"]);
    }

    [Fact]
    public async Task Spooled_lines_of_a_file_go_where_the_file_goes_now()
    {
        await RegisterAsync("app.log");
        Spill("s", ("app.log", "one"), ("app.log", "two"));

        await ShipAsync(Options("new"));

        _aws.Logs.Events("g", "new").Select(static e => e.Message).ShouldBe(["one", "two", "three"]);
        _aws.Logs.Streams("g").ShouldBe(["new"]);
    }

    [Fact]
    public async Task Spooled_lines_of_files_that_have_parted_keep_their_stream()
    {
        await RegisterAsync("app.log", "web.log");
        Spill("s", ("app.log", "one"), ("web.log", "one"));

        await ShipAsync(Options("{file}"));

        _aws.Logs.Events("g", "s").Select(static e => e.Message).ShouldBe(["one", "one"]);
        _aws.Logs.Events("g", "app.log").Select(static e => e.Message).ShouldBe(["two", "three"]);
        _aws.Logs.Events("g", "web.log").Select(static e => e.Message).ShouldBe(["two", "three"]);
    }

    /// <summary>A run that is killed in an outage: the checkpoint knows the files, and nothing of them is accepted.</summary>
    private async Task RegisterAsync(params string[] names)
    {
        foreach (string name in names)
        {
            await File.WriteAllTextAsync(_logs[name], $"one\ntwo\nthree\n");
        }

        using FaultHandle outage = _aws.Faults.Add(new Fault { Operation = "*", Status = 503 });
        await using var first = new LogShipper(Options("s"));
        first.Start();
        while (outage.Hits == 0)
        {
            await Task.Yield();
        }
    }

    /// <summary>What the run had just put on the disk when it was killed.</summary>
    private void Spill(string stream, params (string Name, string Text)[] events)
    {
        var buffers = new LogBuffers(1 << 20);
        using var counters = new LogCounters(TimeProvider.System, "state");
        using var checkpoint = new CheckpointStore(_state.Path, new System.IO.Abstractions.FileSystem(), NullLogger.Instance);
        using var spool = new LogSpool(
            new System.IO.Abstractions.FileSystem(), _state["spool"], 1 << 20, TimeProvider.System, counters, NullLogger.Instance);
        using var batch = new LogBatch(buffers);
        var ends = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach ((string name, string text) in events)
        {
            batch.TryAppend(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(), EventFlags.Arrival, Encoding.UTF8.GetBytes(text)).ShouldBeTrue();
            ends[name] = ends.GetValueOrDefault(name) + text.Length + 1;
            batch.Cover(checkpoint.Entries.Single(e => e.Path == _logs[name]).Id, ends[name]);
        }

        spool.TrySpill(new LogDestination("g", stream), batch).ShouldNotBeNull();
    }

    private static async Task ShipAsync(LogShipperOptions options)
    {
        await using var shipper = new LogShipper(options);
        shipper.Start();
        await shipper.WaitUntilIdleAsync(TimeSpan.FromMilliseconds(50), Soon);
        (await shipper.StopAsync(Soon)).EventsPending.ShouldBe(0);
    }

    private LogShipperOptions Options(string stream) => new()
    {
        StateDirectory = _state.Path,
        Region = "us-east-1",
        Credentials = new BasicAWSCredentials(_aws.AccessKeyId, _aws.SecretAccessKey),
        Endpoint = _aws.Endpoint,
        FlushInterval = TimeSpan.FromMilliseconds(50),
        Files = [new LogFileOptions { Path = _logs["*.log"], Group = "g", Stream = stream }],
    };
}
