using IotOps.Logs;
using IotOps.Logs.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds log shipping to a host.</summary>
public static class IotOpsLogsServiceCollectionExtensions
{
    /// <summary>
    /// Adds one <see cref="LogShipper"/>, started with the host and drained when it stops, within the host's shutdown time-out.
    /// What is not accepted by then stays on disk for the next start. Hosted services stop in the reverse order of their registration:
    /// add this one first, so that it stops last.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="options">What to ship. <see cref="LogShipperOptions.LoggerFactory"/> is the shipper's own: the host's would depend on the shipper when it logs through it.</param>
    public static IServiceCollection AddIotOpsLogs(this IServiceCollection services, LogShipperOptions options)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(options);
        services.TryAddSingleton(_ => new LogShipper(options));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, LogShipperHost>());
        return services;
    }
}
