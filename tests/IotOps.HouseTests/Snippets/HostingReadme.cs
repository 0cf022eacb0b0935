using IotOps.Archive;
using IotOps.Defender;
using IotOps.Fleet;
using IotOps.Hosting;
using IotOps.Logs;
using IotOps.Mqtt;
using IotOps.Shadow;
using Microsoft.Extensions.DependencyInjection;

namespace IotOps.HouseTests.Snippets;

/// <summary>The code of src/IotOps.Hosting/README.md, and how each package is added to a host.</summary>
internal static class HostingReadme
{
    public static void Checks(IServiceCollection services, MqttConnectionOptions mqtt, LogShipperOptions logs)
    {
        services.AddIotOpsMqtt(mqtt);
        services.AddIotOpsLogs(logs);
        services.AddHealthChecks().AddIotOpsChecks(new IotOpsCheckOptions
        {
            DegradedAfter = TimeSpan.FromMinutes(10),
            Limits = new Dictionary<string, IotOpsCheckLimits>(StringComparer.Ordinal) { ["iotops-mqtt"] = new(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(15)) },
        });
    }

    public static void Mqtt(IServiceCollection services, MqttConnectionOptions options, MqttConnectionOptions pump2)
    {
        services.AddIotOpsMqtt(options); // IMqttConnection, connected with the host
        services.AddIotOpsMqtt("pump2", pump2); // [FromKeyedServices("pump2")] IMqttConnection, for another thing behind a gateway
    }

    public static void Shadow(IServiceCollection services)
    {
        services.AddIotOpsShadow(provider => new ShadowCacheOptions
        {
            Connection = provider.GetRequiredService<IMqttConnection>(), // of AddIotOpsMqtt
            ThingName = "THING00001",
            StateDirectory = "/var/lib/my-agent/shadow",
        });
    }

    public static void Defender(IServiceCollection services, MetricsCollector collector)
    {
        services.AddIotOpsDefender(provider => new DefenderPublisherOptions
        {
            Connection = provider.GetRequiredService<IMqttConnection>(), // of AddIotOpsMqtt
            ThingName = "THING00001",
            Collector = collector,
        });
    }

    public static void Exports(IServiceCollection services, LogExporterOptions options)
    {
        services.AddIotOpsArchive(options); // LogExporter
        services.AddIotOpsExportJobs(new InProcessExportJobsOptions { Parallelism = 2 }); // IExportJobs, by that exporter
    }

    public static void Queue(IServiceCollection services, EventQueueOptions options)
    {
        services.AddIotOpsFleet(options); // reads from the start of the host to its end
    }
}
