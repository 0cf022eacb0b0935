using IotOps.Shadow;
using IotOps.Shared;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds shadow caches to a host.</summary>
public static class IotOpsShadowServiceCollectionExtensions
{
    /// <summary>Adds one <see cref="ShadowCache"/>, started with the host and disposed with its services: whoever stops with the host may edit until the end.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="options">Which shadows, over which connection. Unless <see cref="ShadowCacheOptions.LoggerFactory"/> is set, the cache logs through the host.</param>
    /// <exception cref="InvalidOperationException">There is one already; a second one needs a key.</exception>
    public static IServiceCollection AddIotOpsShadow(this IServiceCollection services, ShadowCacheOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Add(services, key: null, _ => options);
    }

    /// <summary>The same, for options that need other services, such as the host's connection.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="options">Makes the options, once.</param>
    /// <exception cref="InvalidOperationException">There is one already; a second one needs a key.</exception>
    public static IServiceCollection AddIotOpsShadow(this IServiceCollection services, Func<IServiceProvider, ShadowCacheOptions> options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Add(services, key: null, options);
    }

    /// <summary>Adds a further cache, such as for another thing behind a gateway: <c>[FromKeyedServices(key)] ShadowCache</c>.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="key">The cache's name.</param>
    /// <param name="options">Which shadows, over which connection. Unless <see cref="ShadowCacheOptions.LoggerFactory"/> is set, the cache logs through the host.</param>
    /// <exception cref="InvalidOperationException">There is one with this key.</exception>
    public static IServiceCollection AddIotOpsShadow(this IServiceCollection services, string key, ShadowCacheOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return services.AddIotOpsShadow(key, _ => options);
    }

    /// <summary>The same, for options that need other services, such as the host's connection.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="key">The cache's name.</param>
    /// <param name="options">Makes the options, once.</param>
    /// <exception cref="InvalidOperationException">There is one with this key.</exception>
    public static IServiceCollection AddIotOpsShadow(this IServiceCollection services, string key, Func<IServiceProvider, ShadowCacheOptions> options)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        ArgumentNullException.ThrowIfNull(options);
        return Add(services, key, options);
    }

    /// <summary>What every form comes down to.</summary>
    internal static IServiceCollection Add(IServiceCollection services, object? key, Func<IServiceProvider, ShadowCacheOptions> options)
    {
        ArgumentNullException.ThrowIfNull(services);
        Registration.Add(services, key, nameof(AddIotOpsShadow), (provider, host) =>
        {
            ShadowCacheOptions made = options(provider).Made(nameof(AddIotOpsShadow));
            return new ShadowCache(made with { LoggerFactory = made.LoggerFactory.Or(host) });
        });
        Registration.AddHost<ShadowCache>(services, key, static cache => cache.Start());
        Health.Add<ShadowCache>(services, key, "shadow", static service => service.Health);
        return services;
    }
}
