using Amazon.Runtime;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace IotOps.HouseTests.Snippets;

/// <summary>The code of docs/configuration.md.</summary>
internal static class ConfigurationPage
{
    public static void Add(HostApplicationBuilder builder)
    {
        builder.Services.AddIotOpsMqtt(builder.Configuration.GetSection("Mqtt"));
        builder.Services.AddIotOpsLogs(
            builder.Configuration.GetSection("Logs"), (services, options) => options with { Credentials = services.GetRequiredService<AWSCredentials>() });
    }
}
