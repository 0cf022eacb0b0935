using IotOps.Archive;
using IotOps.Shared;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds exports of logs to a host.</summary>
public static class IotOpsArchiveServiceCollectionExtensions
{
    /// <summary>Adds one <see cref="LogExporter"/>.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="options">Where logs lie and zips go. Unless <see cref="LogExporterOptions.LoggerFactory"/> is set, the exporter logs through the host.</param>
    /// <exception cref="InvalidOperationException">There is one already; a second one needs a key.</exception>
    public static IServiceCollection AddIotOpsArchive(this IServiceCollection services, LogExporterOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Add(services, key: null, _ => options);
    }

    /// <summary>The same, for options that need other services, such as the host's <c>IAmazonS3</c>.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="options">Makes the options, once.</param>
    /// <exception cref="InvalidOperationException">There is one already; a second one needs a key.</exception>
    public static IServiceCollection AddIotOpsArchive(this IServiceCollection services, Func<IServiceProvider, LogExporterOptions> options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Add(services, key: null, options);
    }

    /// <summary>Adds a further exporter, such as for another account: <c>[FromKeyedServices(key)] LogExporter</c>.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="key">The exporter's name.</param>
    /// <param name="options">Where logs lie and zips go. Unless <see cref="LogExporterOptions.LoggerFactory"/> is set, the exporter logs through the host.</param>
    /// <exception cref="InvalidOperationException">There is one with this key.</exception>
    public static IServiceCollection AddIotOpsArchive(this IServiceCollection services, string key, LogExporterOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return services.AddIotOpsArchive(key, _ => options);
    }

    /// <summary>The same, for options that need other services, such as the host's <c>IAmazonS3</c>.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="key">The exporter's name.</param>
    /// <param name="options">Makes the options, once.</param>
    /// <exception cref="InvalidOperationException">There is one with this key.</exception>
    public static IServiceCollection AddIotOpsArchive(this IServiceCollection services, string key, Func<IServiceProvider, LogExporterOptions> options)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        ArgumentNullException.ThrowIfNull(options);
        return Add(services, key, options);
    }

    /// <summary>What every form comes down to.</summary>
    internal static IServiceCollection Add(IServiceCollection services, object? key, Func<IServiceProvider, LogExporterOptions> options)
    {
        ArgumentNullException.ThrowIfNull(services);
        Registration.Add(services, key, nameof(AddIotOpsArchive), (provider, host) =>
        {
            LogExporterOptions made = options(provider).Made(nameof(AddIotOpsArchive));
            return new LogExporter(made with { LoggerFactory = made.LoggerFactory.Or(host) });
        });
        Registration.AddHost<LogExporter>(services, key, static _ => { });
        return services;
    }
}
