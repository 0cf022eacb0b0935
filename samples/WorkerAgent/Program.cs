using IotOps.Shadow;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);
ConfigurationManager configuration = builder.Configuration;
builder.Services.AddIotOpsLogs(configuration.GetSection("Logs"));
builder.Services.AddIotOpsMqtt(configuration.GetSection("Mqtt"));
builder.Services.AddIotOpsShadow(configuration.GetSection("Shadow"));
builder.Services.AddIotOpsDefender(configuration.GetSection("Defender"));
builder.Services.AddHostedService<Pump>();
builder.Logging.AddIotOpsCloudWatch(configuration.GetSection("CloudWatch"));
await builder.Build().RunAsync();

/// <summary>The device's own work: takes the speed that is asked for, and reports what it has.</summary>
internal sealed partial class Pump(ShadowCache shadows, ILogger<Pump> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        DeviceShadow shadow = shadows[ShadowId.Classic];
        await foreach (ShadowDelta delta in shadow.DeltasAsync(stoppingToken))
        {
            LogAccepted(delta.State.ToString());
            await shadow.AcceptDeltaAsync(delta, stoppingToken); // on disk now, in the cloud as soon as it can be reached
        }
    }

    [LoggerMessage(1, LogLevel.Information, "Set to {State}")]
    private partial void LogAccepted(string state);
}
