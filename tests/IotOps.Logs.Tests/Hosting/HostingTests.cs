using System.Collections.Concurrent;
using Amazon.Runtime;
using IotOps.Emulator;
using IotOps.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IotOps.Logs.Tests.Hosting;

/// <summary>A host as an application has one: a console, and the same messages in CloudWatch Logs.</summary>
public sealed partial class HostingTests : IAsyncLifetime
{
    private readonly TempDirectory _state = new();
    private readonly ConcurrentQueue<string> _console = new();
    private AwsEmulator _aws = null!;

    public async ValueTask InitializeAsync() => _aws = await AwsEmulator.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _aws.DisposeAsync();
        _state.Dispose();
    }

    [Fact]
    public async Task The_shippers_errors_are_on_the_hosts_console_and_not_in_its_own_pipe()
    {
        using FaultHandle refused = _aws.Faults.Add(new Fault { Operation = "PutLogEvents", Status = 503 });
        HostApplicationBuilder builder = Builder();
        builder.Services.AddIotOpsLogs(Options());
        builder.Logging.AddIotOpsCloudWatch(new CloudWatchLoggerOptions { Group = "g", Stream = "s" });
        using IHost host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        Pumped(host.Services.GetRequiredService<ILoggerFactory>().CreateLogger("My.Pump"));

        await SeenAsync("IotOps.Logs.LogShipper: Cannot send to g:s");
        refused.Dispose();
        await host.StopAsync(TestContext.Current.CancellationToken);

        string[] shipped = [.. _aws.Logs.Events("g", "s").Select(entry => entry.Message)];
        shipped.ShouldContain(message => message.Contains("Pumped", StringComparison.Ordinal));
        shipped.ShouldNotContain(message => message.Contains("LogShipper[", StringComparison.Ordinal) || message.Contains("Cannot send to", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_shipper_of_the_providers_own_logs_through_the_host_too()
    {
        using FaultHandle refused = _aws.Faults.Add(new Fault { Operation = "PutLogEvents", Status = 400, Code = "AccessDeniedException" });
        HostApplicationBuilder builder = Builder();
        builder.Logging.AddIotOpsCloudWatch(new CloudWatchLoggerOptions { Group = "g", Stream = "s", DrainTimeout = TimeSpan.Zero }, Options());
        using IHost host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        Pumped(host.Services.GetRequiredService<ILoggerFactory>().CreateLogger("My.Pump"));

        await SeenAsync("IotOps.Logs.LogShipper: CloudWatch Logs does not allow writing to g:s");
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Each_region_has_a_shipper_with_a_key_and_loggers_of_its_own()
    {
        HostApplicationBuilder builder = Builder();
        builder.Services.AddIotOpsLogs(Options());
        builder.Services.AddIotOpsLogs("archive", _ => Options() with { StateDirectory = _state["archive"] });
        builder.Logging.AddIotOpsCloudWatch(new CloudWatchLoggerOptions { Group = "near", Stream = "s" });
        builder.Logging.AddIotOpsCloudWatch("archive", new CloudWatchLoggerOptions { Group = "far", Stream = "s" });
        using IHost host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        Pumped(host.Services.GetRequiredService<ILoggerFactory>().CreateLogger("My.Pump"));
        await host.StopAsync(TestContext.Current.CancellationToken);

        host.Services.GetRequiredKeyedService<LogShipper>("archive").ShouldNotBeSameAs(host.Services.GetRequiredService<LogShipper>());
        _aws.Logs.Events("near", "s").ShouldContain(entry => entry.Message.Contains("Pumped", StringComparison.Ordinal));
        _aws.Logs.Events("far", "s").ShouldContain(entry => entry.Message.Contains("Pumped", StringComparison.Ordinal));
    }

    [Fact]
    public void A_second_shipper_without_a_key_is_refused() =>
        Should.Throw<InvalidOperationException>(() => new ServiceCollection().AddIotOpsLogs(Options()).AddIotOpsLogs(Options()))
            .Message.ShouldContain("AddIotOpsLogs(\"pump2\", ...)");

    [Fact]
    public void A_logger_without_a_shipper_names_what_is_missing()
    {
        using ServiceProvider provider = new ServiceCollection()
            .AddLogging(logging => logging.AddIotOpsCloudWatch(new CloudWatchLoggerOptions { Group = "g", Stream = "s" }))
            .BuildServiceProvider();

        Should.Throw<InvalidOperationException>(provider.GetRequiredService<ILoggerFactory>).Message.ShouldContain("services.AddIotOpsLogs(options)");
    }

    [LoggerMessage(7, LogLevel.Warning, "Pumped")]
    private static partial void Pumped(ILogger logger);

    private HostApplicationBuilder Builder()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Logging.Services.AddSingleton<ILoggerProvider>(new ConsoleOf(_console));
        return builder;
    }

    private LogShipperOptions Options() => new()
    {
        StateDirectory = _state["state"],
        Region = "us-east-1",
        Credentials = new BasicAWSCredentials(_aws.AccessKeyId, _aws.SecretAccessKey),
        Endpoint = _aws.Endpoint,
        FlushInterval = TimeSpan.FromMilliseconds(50),
    };

    private async Task SeenAsync(string text)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30), TimeProvider.System);
        while (!_console.Any(line => line.Contains(text, StringComparison.Ordinal)))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, patience.Token);
        }
    }

    private sealed class ConsoleOf(ConcurrentQueue<string> lines) : ILoggerProvider
    {
        public ILogger CreateLogger(string categoryName) => new Line(categoryName, lines);

        public void Dispose()
        {
        }

        private sealed class Line(string category, ConcurrentQueue<string> lines) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
                lines.Enqueue($"{category}: {formatter(state, exception)}");
        }
    }
}
