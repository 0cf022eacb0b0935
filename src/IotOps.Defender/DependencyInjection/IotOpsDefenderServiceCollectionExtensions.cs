using IotOps.Defender;
using IotOps.Defender.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds Device Defender reporting to a host.</summary>
public static class IotOpsDefenderServiceCollectionExtensions
{
    /// <summary>Adds one <see cref="DefenderPublisher"/>, started with the host and disposed with its services.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="options">What to report, over which connection.</param>
    public static IServiceCollection AddIotOpsDefender(this IServiceCollection services, DefenderPublisherOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return services.AddIotOpsDefender(_ => options);
    }

    /// <summary>The same, for options that need other services, such as the host's connection.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="options">Makes the options, once.</param>
    public static IServiceCollection AddIotOpsDefender(this IServiceCollection services, Func<IServiceProvider, DefenderPublisherOptions> options)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(options);
        services.TryAddSingleton(provider => new DefenderPublisher(options(provider)));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, DefenderPublisherHost>());
        return services;
    }
}
