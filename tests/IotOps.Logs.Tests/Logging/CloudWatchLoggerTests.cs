using System.Text.Json;
using Amazon.Runtime;
using IotOps.Emulator;
using IotOps.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IotOps.Logs.Tests.Logging;

public sealed partial class CloudWatchLoggerTests : IAsyncLifetime
{
    private readonly TempDirectory _state = new();
    private AwsEmulator _aws = null!;

    public async ValueTask InitializeAsync() => _aws = await AwsEmulator.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _aws.DisposeAsync();
        _state.Dispose();
    }

    [Fact]
    public async Task A_message_arrives_as_text_with_its_scopes_and_exception()
    {
        string text = await LogAsync(Options(), logger =>
        {
            using (logger.BeginScope("outer"))
            {
                Pumped(logger, 42, new InvalidOperationException("broken"));
            }
        });

        string[] lines = text.Split('\n');
        lines[0].ShouldMatch(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z warn My\.Pump\[7\] Pumped 42 litres$");
        lines[1].ShouldBe("=> outer");
        lines[2].ShouldBe("System.InvalidOperationException: broken");
    }

    [Fact]
    public async Task The_day_in_a_streams_name_is_that_of_the_message()
    {
        var clock = new ManualTimeProvider(new DateTimeOffset(2026, 11, 29, 23, 59, 59, TimeSpan.Zero));
        await using var shipper = new LogShipper(new LogShipperOptions { StateDirectory = _state.Path, Region = "us-east-1", TimeProvider = clock });
        await using var provider = new CloudWatchLoggerProvider(Options() with { Group = "g", Stream = "{date}/agent" }, shipper, ownsShipper: false, clock);
        ILogger logger = provider.CreateLogger("x");
        provider.DestinationAt(clock.GetUtcNow()).Stream.ShouldBe("2026-11-29/agent");
        Pumped(logger, 1, null);
        clock.Advance(TimeSpan.FromSeconds(2));
        Pumped(logger, 2, null);
        provider.DestinationAt(clock.GetUtcNow()).Stream.ShouldBe("2026-11-30/agent");
        Directory.GetFiles(_state["spool"], "*.seg", SearchOption.AllDirectories).Length.ShouldBe(2);
    }

    [Fact]
    public async Task A_message_arrives_as_json_with_its_values_in_their_own_types()
    {
        string text = await LogAsync(Options() with { Format = CloudWatchLogFormat.Json }, logger =>
        {
            using (logger.BeginScope(new Dictionary<string, object?>(StringComparer.Ordinal) { ["device"] = "d1" }))
            {
                Pumped(logger, 42, null);
            }
        });

        using var json = JsonDocument.Parse(text);
        JsonElement root = json.RootElement;
        root.GetProperty("level").GetString().ShouldBe("warn");
        root.GetProperty("category").GetString().ShouldBe("My.Pump");
        root.GetProperty("eventId").GetInt32().ShouldBe(7);
        root.GetProperty("eventName").GetString().ShouldBe("Pumped");
        root.GetProperty("message").GetString().ShouldBe("Pumped 42 litres");
        root.GetProperty("state").GetProperty("Litres").GetInt32().ShouldBe(42);
        root.GetProperty("state").GetProperty("template").GetString().ShouldBe("Pumped {Litres} litres");
        root.GetProperty("scopes")[0].GetProperty("device").GetString().ShouldBe("d1");
        root.TryGetProperty("exception", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task A_message_that_cannot_be_formatted_does_not_throw_into_the_caller()
    {
        string text = await LogAsync(
            Options(), logger => logger.Log<string>(LogLevel.Error, 3, "state", null, (_, _) => throw new FormatException("bad")));

        text.ShouldEndWith("fail My.Pump[3] state (a part of this message threw System.FormatException)");
    }

    [Fact]
    public async Task The_shippers_own_messages_are_not_shipped()
    {
        await using var provider = new CloudWatchLoggerProvider(Options(), Shipper());

        provider.CreateLogger("IotOps.Logs.LogShipper").IsEnabled(LogLevel.Critical).ShouldBeFalse();
        provider.CreateLogger("IotOps.Aws.AwsClient").IsEnabled(LogLevel.Critical).ShouldBeFalse();
        provider.CreateLogger("IotOps.LogsViewer").IsEnabled(LogLevel.Critical).ShouldBeTrue();
    }

    [Fact]
    public async Task Disposing_tells_what_it_left_on_disk_and_the_next_start_sends_it()
    {
        LogShipperStatistics? left = null;
        FaultHandle outage = _aws.Faults.Add(new Fault { Operation = "*", Status = 503 });
        await using (var provider = new CloudWatchLoggerProvider(
            Options() with { DrainTimeout = TimeSpan.FromMilliseconds(100), Drained = s => left = s }, Shipper()))
        {
            Pumped(provider.CreateLogger("My.Pump"), 1, null);
        }

        left!.EventsPending.ShouldBe(1);
        outage.Dispose();
        await using (new CloudWatchLoggerProvider(Options(), Shipper()))
        {
        }

        _aws.Logs.Events("g", "s").Count.ShouldBe(1);
    }

    [Fact]
    public void An_abandoned_process_loses_no_message_it_logged()
    {
        FaultHandle outage = _aws.Faults.Add(new Fault { Operation = "*", Status = 503 });
        var killed = new LogShipper(Shipper() with { StateDirectory = _state["killed"] });
        Pumped(new CloudWatchLoggerProvider(Options(), killed).CreateLogger("My.Pump"), 1, null);

        // The lock is the killed process's; the spool's files are what it leaves.
        Directory.CreateDirectory(_state["next"]);
        Directory.Move(_state["killed/spool"], _state["next/spool"]);
        outage.Dispose();
        using (var provider = new CloudWatchLoggerProvider(Options(), Shipper() with { StateDirectory = _state["next"] }))
        {
        }

        _aws.Logs.Events("g", "s").Single().Message.ShouldEndWith("Pumped 1 litres");
    }

    [Fact]
    public async Task A_host_ships_its_own_messages_and_drains_when_it_stops()
    {
        var services = new ServiceCollection();
        services.AddIotOpsLogs(Shipper());
        services.AddLogging(logging => logging.AddIotOpsCloudWatch(Options()));
        await using ServiceProvider provider = services.BuildServiceProvider();
        IHostedService[] hosted = [.. provider.GetServices<IHostedService>()];
        foreach (IHostedService service in hosted)
        {
            await service.StartAsync(CancellationToken.None);
        }

        Pumped(provider.GetRequiredService<ILoggerFactory>().CreateLogger("My.Pump"), 5, null);
        foreach (IHostedService service in hosted)
        {
            await service.StopAsync(new CancellationTokenSource(TimeSpan.FromSeconds(30)).Token);
        }

        _aws.Logs.Events("g", "s").Single().Message.ShouldEndWith("Pumped 5 litres");
    }

    [Theory]
    [InlineData("", "s")]
    [InlineData("g", "a:b")]
    public void A_name_the_service_does_not_take_is_told_at_once(string group, string stream) =>
        Should.Throw<ArgumentException>(() => new CloudWatchLoggerProvider(
            new CloudWatchLoggerOptions { Group = group, Stream = stream }, Shipper()));

    [Fact]
    public async Task The_stream_has_the_tokens_that_files_have()
    {
        await using (var provider = new CloudWatchLoggerProvider(
            Options() with { Stream = "{thing}/{hostname}" }, Shipper() with { ThingName = "pump-1" }))
        {
            Pumped(provider.CreateLogger("My.Pump"), 1, null);
        }

        _aws.Logs.Events("g", "pump-1/" + System.Net.Dns.GetHostName()).Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("{thing}/agent", "no thing name")]
    [InlineData("{file}", "{file}")]
    [InlineData("{nope}", "unknown token")]
    public void A_stream_whose_tokens_cannot_be_filled_in_is_told_at_once(string stream, string reason)
    {
        Should.Throw<ArgumentException>(() => new CloudWatchLoggerProvider(Options() with { Stream = stream }, Shipper())).Message.ShouldContain(reason);
        using var free = new CloudWatchLoggerProvider(Options(), Shipper());
    }

    [LoggerMessage(7, LogLevel.Warning, "Pumped {Litres} litres")]
    private static partial void Pumped(ILogger logger, int litres, Exception? exception);

    private static CloudWatchLoggerOptions Options() => new() { Group = "g", Stream = "s", DrainTimeout = TimeSpan.FromSeconds(30) };

    private LogShipperOptions Shipper() => new()
    {
        StateDirectory = _state.Path,
        Region = "us-east-1",
        Credentials = new BasicAWSCredentials(_aws?.AccessKeyId ?? "a", _aws?.SecretAccessKey ?? "s"),
        Endpoint = _aws?.Endpoint,
    };

    private async Task<string> LogAsync(CloudWatchLoggerOptions options, Action<ILogger> log)
    {
        await using (var provider = new CloudWatchLoggerProvider(options, Shipper()))
        {
            using ILoggerFactory factory = LoggerFactory.Create(logging => logging.AddProvider(new Borrowed(provider)));
            log(factory.CreateLogger("My.Pump"));
        }

        return _aws.Logs.Events("g", "s").Single().Message;
    }

    /// <summary>Keeps the factory from disposing the provider, which the test disposes itself.</summary>
    private sealed class Borrowed(CloudWatchLoggerProvider provider) : ILoggerProvider, ISupportExternalScope
    {
        public ILogger CreateLogger(string categoryName) => provider.CreateLogger(categoryName);

        public void SetScopeProvider(IExternalScopeProvider scopeProvider) => provider.SetScopeProvider(scopeProvider);

        public void Dispose()
        {
        }
    }
}
