using IotOps.Shadow;
using IotOps.Shadow.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds a shadow cache to a host.</summary>
public static class IotOpsShadowServiceCollectionExtensions
{
    /// <summary>Adds one <see cref="ShadowCache"/>, started with the host and disposed with its services.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="options">Which shadows, over which connection.</param>
    public static IServiceCollection AddIotOpsShadow(this IServiceCollection services, ShadowCacheOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return services.AddIotOpsShadow(_ => options);
    }

    /// <summary>The same, for options that need other services, such as the host's connection.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="options">Makes the options, once.</param>
    public static IServiceCollection AddIotOpsShadow(this IServiceCollection services, Func<IServiceProvider, ShadowCacheOptions> options)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(options);
        services.TryAddSingleton(provider => new ShadowCache(options(provider)));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, ShadowCacheHost>());
        return services;
    }
}
