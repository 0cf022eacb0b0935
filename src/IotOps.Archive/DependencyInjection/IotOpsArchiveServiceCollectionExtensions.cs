using IotOps.Archive;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds exports of logs to a host.</summary>
public static class IotOpsArchiveServiceCollectionExtensions
{
    /// <summary>Adds one <see cref="LogExporter"/>.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="options">Where logs lie and zips go.</param>
    public static IServiceCollection AddIotOpsArchive(this IServiceCollection services, LogExporterOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return services.AddIotOpsArchive(_ => options);
    }

    /// <summary>The same, for options that need other services, such as the host's <c>IAmazonS3</c>.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="options">Makes the options, once.</param>
    public static IServiceCollection AddIotOpsArchive(this IServiceCollection services, Func<IServiceProvider, LogExporterOptions> options)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(options);
        services.TryAddSingleton(provider => new LogExporter(options(provider)));
        return services;
    }
}
