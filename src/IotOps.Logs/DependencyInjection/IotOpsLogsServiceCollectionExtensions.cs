using IotOps.Logs;
using IotOps.Shared;

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
    /// <param name="options">What to ship. Unless <see cref="LogShipperOptions.LoggerFactory"/> is set, the shipper logs through the host, which never ships the shipper's own messages.</param>
    /// <exception cref="InvalidOperationException">There is one already; a second one needs a key.</exception>
    public static IServiceCollection AddIotOpsLogs(this IServiceCollection services, LogShipperOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Add(services, key: null, _ => options);
    }

    /// <summary>The same, for options that need other services, such as credentials that the host disposes.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="options">Makes the options, once. What it asks for must not need the host's <c>ILoggerFactory</c> when messages are shipped by <c>AddIotOpsCloudWatch</c>: that factory needs the shipper.</param>
    /// <exception cref="InvalidOperationException">There is one already; a second one needs a key.</exception>
    public static IServiceCollection AddIotOpsLogs(this IServiceCollection services, Func<IServiceProvider, LogShipperOptions> options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Add(services, key: null, options);
    }

    /// <summary>Adds a further shipper, such as for a second region: <c>[FromKeyedServices(key)] LogShipper</c>.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="key">The shipper's name.</param>
    /// <param name="options">What to ship.</param>
    /// <exception cref="InvalidOperationException">There is one with this key.</exception>
    public static IServiceCollection AddIotOpsLogs(this IServiceCollection services, string key, LogShipperOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return services.AddIotOpsLogs(key, _ => options);
    }

    /// <summary>The same, for options that need other services.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="key">The shipper's name.</param>
    /// <param name="options">Makes the options, once.</param>
    /// <exception cref="InvalidOperationException">There is one with this key.</exception>
    public static IServiceCollection AddIotOpsLogs(this IServiceCollection services, string key, Func<IServiceProvider, LogShipperOptions> options)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        ArgumentNullException.ThrowIfNull(options);
        return Add(services, key, options);
    }

    /// <summary>What every form comes down to.</summary>
    internal static IServiceCollection Add(IServiceCollection services, object? key, Func<IServiceProvider, LogShipperOptions> options)
    {
        ArgumentNullException.ThrowIfNull(services);
        Registration.Add(services, key, nameof(AddIotOpsLogs), (provider, host) =>
        {
            LogShipperOptions made = options(provider).Made(nameof(AddIotOpsLogs));
            return new LogShipper(made with { LoggerFactory = made.LoggerFactory.Or(host) });
        });
        Registration.AddHost<LogShipper>(services, key, static shipper => shipper.Start(), static (shipper, limit) => shipper.StopAsync(limit));
        Health.Add<LogShipper>(services, key, "logs", static service => service.Health);
        return services;
    }
}
