using Amazon.Runtime;
using IotOps.Emulator;
using IotOps.TestKit;

namespace IotOps.Logs.Tests;

/// <summary>A shipper that runs as root keeps lines of files that only root may read: nobody else may read its state.</summary>
[Collection(UnixModes.Collection)]
public sealed class StatePermissionTests : IAsyncLifetime
{
    private readonly TempDirectory _directory = new();
    private readonly TestLogger _log = new();
    private AwsEmulator _aws = null!;

    private static CancellationToken Soon => new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token;

    private string State => _directory["state"];

    public async ValueTask InitializeAsync() => _aws = await AwsEmulator.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _aws.DisposeAsync();
        _directory.Dispose();
    }

    [Theory]
    [InlineData("000")]
    [InlineData("022")]
    public async Task Checkpoint_spool_and_quarantine_are_their_owners_alone(string umask)
    {
        using var modes = new UnixModes(umask);
        await FillAsync();
        string[] files = [.. Directory.GetFiles(State, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(State, path))];
        files.ShouldContain("checkpoint", StringComparer.Ordinal);
        files.ShouldContain("checkpoint.previous", StringComparer.Ordinal);
        files.ShouldContain(Path.Combine("quarantine", "events.jsonl"), StringComparer.Ordinal);
        files.ShouldContain(static path => path.StartsWith("spool", StringComparison.Ordinal) && path.EndsWith(".seg", StringComparison.Ordinal));
        UnixModes.OpenToOthers(State).ShouldBeEmpty();
        _log.Count(221).ShouldBe(0);
    }

    [Fact]
    public async Task State_of_an_older_version_is_closed_at_the_start_and_its_directory_is_named()
    {
        await FillAsync();
        foreach (string path in Directory.GetFiles(State, "*", SearchOption.AllDirectories))
        {
            UnixModes.Set(path, "644");
        }

        UnixModes.Set(State, "755");
        await using (LogShipper shipper = NewShipper())
        {
            UnixModes.OpenToOthers(State).ShouldBe([$"{State} 0755"]);
        }

        _log.Entries.Where(static entry => entry.Id == 221).ShouldHaveSingleItem().Message.ShouldContain("chmod 700");
    }

    // One line is refused for good, others are accepted, and an event without a file cannot be sent.
    private async Task FillAsync()
    {
        await File.WriteAllTextAsync(_directory["app.log"], "one\n");
        await File.WriteAllTextAsync(_directory["poison.log"], "poison\n");
        using FaultHandle poison = _aws.Faults.Add(
            new Fault { Operation = "PutLogEvents", Status = 413, Code = "RequestEntityTooLarge", When = static request => request.LogStream == "poison.log" });
        using FaultHandle outage = _aws.Faults.Add(new Fault { Operation = "PutLogEvents", Status = 503, When = static request => request.LogStream == "down" });
        await using LogShipper shipper = NewShipper();
        shipper.Start();
        while (!File.Exists(Path.Combine(State, "quarantine", "events.jsonl")) || _aws.Logs.Events("g", "app.log").Count == 0)
        {
            Soon.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        shipper.TryWrite("g", "down", TimeProvider.System.GetUtcNow(), "secret"u8).ShouldBeTrue();
        using var deadline = new CancellationTokenSource(TimeSpan.FromMilliseconds(500));
        await shipper.StopAsync(deadline.Token);
    }

    private LogShipper NewShipper() => new(
        new LogShipperOptions
        {
            StateDirectory = State,
            Region = "us-east-1",
            Credentials = new BasicAWSCredentials(_aws.AccessKeyId, _aws.SecretAccessKey),
            Endpoint = _aws.Endpoint,
            FlushInterval = TimeSpan.FromMilliseconds(20),
            LoggerFactory = _log,
            Files = [new LogFileOptions { Path = _directory["*.log"], Group = "g", Stream = "{file}" }],
        },
        static () => 0);
}
