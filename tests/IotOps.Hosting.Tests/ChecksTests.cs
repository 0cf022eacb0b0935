using Amazon.Runtime;
using IotOps.Defender;
using IotOps.Emulator;
using IotOps.Logs;
using IotOps.Mqtt;
using IotOps.Shadow;
using IotOps.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace IotOps.Hosting.Tests;

/// <summary>A host with everything a device has, asked how it is.</summary>
[Collection("meters and spans are the process's")]
public sealed class ChecksTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TempDirectory _directory = new();
    private readonly ManualTimeProvider _time = new();
    private AwsEmulator _aws = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _aws = await AwsEmulator.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _aws.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task Each_service_has_a_check_by_name_and_key_whenever_it_was_added()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Services.AddHealthChecks().AddIotOpsChecks();
        AddAll(builder.Services, Mqtt(_aws.Mqtt.Port));
        builder.Services.AddIotOpsMqtt("pump2", Mqtt(_aws.Mqtt.Port) with { ClientId = "pump2" });
        using IHost host = builder.Build();
        await host.StartAsync(Cancelled);
        HealthReport report = await HealthyAsync(host);

        report.Entries.Keys.ShouldBe(["iotops-mqtt", "iotops-logs", "iotops-shadow", "iotops-defender", "iotops-mqtt-pump2"], ignoreOrder: true);
        report.Entries.Values.ShouldAllBe(entry => entry.Tags.Contains("iotops"));
        await host.StopAsync(Cancelled);
    }

    [Fact]
    public async Task A_connection_that_is_down_is_degraded_and_then_unhealthy_with_the_reason()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Services.AddHealthChecks().AddIotOpsChecks(new IotOpsCheckOptions { DegradedAfter = TimeSpan.FromSeconds(10), UnhealthyAfter = TimeSpan.FromSeconds(60) });
        builder.Services.AddIotOpsMqtt(Mqtt(1) with { TimeProvider = _time, MinReconnectDelay = TimeSpan.FromHours(1), MaxReconnectDelay = TimeSpan.FromHours(1) });
        using IHost host = builder.Build();
        await host.StartAsync(Cancelled);
        await UntilAsync(() => Task.FromResult(host.Services.GetRequiredService<MqttConnection>().State.Error is not null));

        (await OneAsync(host)).Status.ShouldBe(HealthStatus.Healthy);
        _time.Advance(TimeSpan.FromSeconds(10));
        (await OneAsync(host)).Status.ShouldBe(HealthStatus.Degraded);
        _time.Advance(TimeSpan.FromSeconds(50));
        HealthReportEntry down = await OneAsync(host);
        down.Status.ShouldBe(HealthStatus.Unhealthy);
        down.Description!.ShouldStartWith("Work has waited for 60 s. localhost:1 cannot be reached");
        down.Data["pending"].ShouldBe(TimeSpan.FromSeconds(60));
        down.Data.ShouldNotContainKey("lastSuccess");
        down.Data["lastError"].ShouldBeOfType<string>().ShouldContain("localhost:1");
        await host.StopAsync(Cancelled);
    }

    [Fact]
    public async Task Logs_that_are_not_accepted_age_and_a_limit_may_be_the_checks_own()
    {
        using FaultHandle refused = _aws.Faults.Add(new Fault { Operation = "PutLogEvents", Status = 400, Code = "AccessDeniedException" });
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Services.AddHealthChecks().AddIotOpsChecks(new IotOpsCheckOptions
        {
            Limits = new Dictionary<string, IotOpsCheckLimits>(StringComparer.Ordinal) { ["iotops-logs"] = new(TimeSpan.FromTicks(1), TimeSpan.FromHours(1)) },
        });
        builder.Services.AddIotOpsLogs(Logs());
        using IHost host = builder.Build();
        await host.StartAsync(Cancelled);
        LogShipper shipper = host.Services.GetRequiredService<LogShipper>();
        shipper.TryWrite("g", "s", TimeProvider.System.GetUtcNow(), "one"u8);
        await UntilAsync(async () => (await OneAsync(host)) is { Status: HealthStatus.Degraded } entry && entry.Data.ContainsKey("lastError"));

        shipper.Statistics.LastAcceptedAt.ShouldBeNull();
        shipper.Statistics.LastError!.ShouldContain("AccessDenied");
        shipper.Statistics.OldestPending.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_connection_that_was_closed_for_good_is_unhealthy()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Services.AddHealthChecks().AddIotOpsChecks();
        builder.Services.AddIotOpsMqtt(Mqtt(_aws.Mqtt.Port));
        using IHost host = builder.Build();
        await host.Services.GetRequiredService<MqttConnection>().DisposeAsync();

        HealthReportEntry entry = await OneAsync(host);
        (entry.Status, entry.Description).ShouldBe((HealthStatus.Unhealthy, "It has ended."));
    }

    [Fact]
    public void Limits_that_contradict_each_other_are_refused_by_name() =>
        Should.Throw<ArgumentException>(() => new ServiceCollection().AddHealthChecks().AddIotOpsChecks(new IotOpsCheckOptions { UnhealthyAfter = TimeSpan.FromMinutes(1) }))
            .Message.ShouldContain("DegradedAfter is 00:05:00 and UnhealthyAfter is 00:01:00");

    private static async Task<HealthReportEntry> OneAsync(IHost host) =>
        (await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Cancelled)).Entries.Values.ShouldHaveSingleItem();

    private static async Task<HealthReport> HealthyAsync(IHost host)
    {
        HealthReport? report = null;
        await UntilAsync(async () =>
        {
            report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Cancelled);
            return report.Status == HealthStatus.Healthy && report.Entries["iotops-mqtt"].Data.ContainsKey("lastSuccess");
        });
        return report!;
    }

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        while (!await holds())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, patience.Token);
        }
    }

    private static MqttConnectionOptions Mqtt(int port) => new() { ClientId = "pump", Host = "localhost", Port = port, Tls = null, CloseTimeout = TimeSpan.Zero };

    private LogShipperOptions Logs() => new()
    {
        StateDirectory = _directory["logs"],
        Region = "us-east-1",
        Credentials = new BasicAWSCredentials(_aws.AccessKeyId, _aws.SecretAccessKey),
        Endpoint = _aws.Endpoint,
        FlushInterval = TimeSpan.FromMilliseconds(50),
    };

    private void AddAll(IServiceCollection services, MqttConnectionOptions mqtt)
    {
        services.AddIotOpsMqtt(mqtt);
        services.AddIotOpsLogs(Logs());
        services.AddIotOpsShadow(provider => new ShadowCacheOptions
        {
            Connection = provider.GetRequiredService<IMqttConnection>(),
            ThingName = "pump",
            StateDirectory = _directory["shadow"],
        });
        services.AddIotOpsDefender(provider => new DefenderPublisherOptions { Connection = provider.GetRequiredService<IMqttConnection>(), ThingName = "pump", Collect = _ => null });
    }
}
