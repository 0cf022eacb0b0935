using IotOps.Fleet;
using IotOps.Shared;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the reading of a fleet's events to a host.</summary>
public static class IotOpsFleetServiceCollectionExtensions
{
    /// <summary>Adds one <see cref="EventQueueReader"/>, which reads its queue from the start of the host to its end, and then finishes what it has in hand. A queue that refuses the first call for good ends the host.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="options">Which queue, and who handles its messages. Unless <see cref="EventQueueOptions.LoggerFactory"/> is set, the reader logs through the host.</param>
    /// <exception cref="InvalidOperationException">There is one already; a second one needs a key.</exception>
    public static IServiceCollection AddIotOpsFleet(this IServiceCollection services, EventQueueOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Add(services, key: null, _ => options);
    }

    /// <summary>The same, for options that need other services, such as the router.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="options">Makes the options, once.</param>
    /// <exception cref="InvalidOperationException">There is one already; a second one needs a key.</exception>
    public static IServiceCollection AddIotOpsFleet(this IServiceCollection services, Func<IServiceProvider, EventQueueOptions> options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Add(services, key: null, options);
    }

    /// <summary>Adds a further reader, for another queue: <c>[FromKeyedServices(key)] EventQueueReader</c>.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="key">The reader's name.</param>
    /// <param name="options">Which queue, and who handles its messages. Unless <see cref="EventQueueOptions.LoggerFactory"/> is set, the reader logs through the host.</param>
    /// <exception cref="InvalidOperationException">There is one with this key.</exception>
    public static IServiceCollection AddIotOpsFleet(this IServiceCollection services, string key, EventQueueOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return services.AddIotOpsFleet(key, _ => options);
    }

    /// <summary>The same, for options that need other services, such as the router.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="key">The reader's name.</param>
    /// <param name="options">Makes the options, once.</param>
    /// <exception cref="InvalidOperationException">There is one with this key.</exception>
    public static IServiceCollection AddIotOpsFleet(this IServiceCollection services, string key, Func<IServiceProvider, EventQueueOptions> options)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        ArgumentNullException.ThrowIfNull(options);
        return Add(services, key, options);
    }

    /// <summary>What every form comes down to.</summary>
    internal static IServiceCollection Add(IServiceCollection services, object? key, Func<IServiceProvider, EventQueueOptions> options)
    {
        ArgumentNullException.ThrowIfNull(services);
        Registration.Add(services, key, nameof(AddIotOpsFleet), (provider, host) =>
        {
            EventQueueOptions made = options(provider).Made(nameof(AddIotOpsFleet));
            return new EventQueueReader(made with { LoggerFactory = made.LoggerFactory.Or(host) });
        });
        Registration.AddRunner<EventQueueReader>(services, key, static (reader, stop) => reader.RunAsync(stop));
        Health.Add<EventQueueReader>(services, key, "fleet", static service => service.Health);
        return services;
    }
}
