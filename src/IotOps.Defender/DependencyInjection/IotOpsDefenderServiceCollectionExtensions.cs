using IotOps.Defender;
using IotOps.Shared;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds Device Defender reporting to a host.</summary>
public static class IotOpsDefenderServiceCollectionExtensions
{
    /// <summary>Adds one <see cref="DefenderPublisher"/>, started with the host and disposed with its services.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="options">What to report, over which connection. Unless <see cref="DefenderPublisherOptions.LoggerFactory"/> is set, the publisher logs through the host.</param>
    /// <exception cref="InvalidOperationException">There is one already; a second one needs a key.</exception>
    public static IServiceCollection AddIotOpsDefender(this IServiceCollection services, DefenderPublisherOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Add(services, key: null, _ => options);
    }

    /// <summary>The same, for options that need other services, such as the host's connection.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="options">Makes the options, once.</param>
    /// <exception cref="InvalidOperationException">There is one already; a second one needs a key.</exception>
    public static IServiceCollection AddIotOpsDefender(this IServiceCollection services, Func<IServiceProvider, DefenderPublisherOptions> options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Add(services, key: null, options);
    }

    /// <summary>Adds a further publisher, such as for another thing behind a gateway: <c>[FromKeyedServices(key)] DefenderPublisher</c>.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="key">The publisher's name.</param>
    /// <param name="options">What to report, over which connection. Unless <see cref="DefenderPublisherOptions.LoggerFactory"/> is set, the publisher logs through the host.</param>
    /// <exception cref="InvalidOperationException">There is one with this key.</exception>
    public static IServiceCollection AddIotOpsDefender(this IServiceCollection services, string key, DefenderPublisherOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return services.AddIotOpsDefender(key, _ => options);
    }

    /// <summary>The same, for options that need other services, such as the host's connection.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="key">The publisher's name.</param>
    /// <param name="options">Makes the options, once.</param>
    /// <exception cref="InvalidOperationException">There is one with this key.</exception>
    public static IServiceCollection AddIotOpsDefender(this IServiceCollection services, string key, Func<IServiceProvider, DefenderPublisherOptions> options)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        ArgumentNullException.ThrowIfNull(options);
        return Add(services, key, options);
    }

    /// <summary>What every form comes down to.</summary>
    internal static IServiceCollection Add(IServiceCollection services, object? key, Func<IServiceProvider, DefenderPublisherOptions> options)
    {
        ArgumentNullException.ThrowIfNull(services);
        Registration.Add(services, key, nameof(AddIotOpsDefender), (provider, host) =>
        {
            DefenderPublisherOptions made = options(provider).Made(nameof(AddIotOpsDefender));
            return new DefenderPublisher(made with { LoggerFactory = made.LoggerFactory.Or(host) });
        });
        Registration.AddHost<DefenderPublisher>(services, key, static publisher => publisher.Start());
        Health.Add<DefenderPublisher>(services, key, "defender", static service => service.Health);
        return services;
    }
}
