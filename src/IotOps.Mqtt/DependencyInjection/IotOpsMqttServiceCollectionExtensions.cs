using IotOps.Mqtt;
using IotOps.Shared;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds MQTT connections to a host.</summary>
public static class IotOpsMqttServiceCollectionExtensions
{
    /// <summary>Adds one <see cref="MqttConnection"/>, also as <see cref="IMqttConnection"/>. It connects with the host, without making the start wait for the network; an error that no retry mends fails the start or ends the host. The container drains and disposes it after every hosted service has stopped.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="options">Where to, as whom. Unless <see cref="MqttConnectionOptions.LoggerFactory"/> is set, the connection logs through the host.</param>
    /// <exception cref="InvalidOperationException">There is one already; a second one needs a key.</exception>
    public static IServiceCollection AddIotOpsMqtt(this IServiceCollection services, MqttConnectionOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Add(services, key: null, _ => options);
    }

    /// <summary>The same, for options that need other services.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="options">Makes the options, once.</param>
    /// <exception cref="InvalidOperationException">There is one already; a second one needs a key.</exception>
    public static IServiceCollection AddIotOpsMqtt(this IServiceCollection services, Func<IServiceProvider, MqttConnectionOptions> options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Add(services, key: null, options);
    }

    /// <summary>Adds a further connection, such as for another thing behind a gateway: <c>[FromKeyedServices(key)] MqttConnection</c>.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="key">The connection's name.</param>
    /// <param name="options">Where to, as whom. Unless <see cref="MqttConnectionOptions.LoggerFactory"/> is set, the connection logs through the host.</param>
    /// <exception cref="InvalidOperationException">There is one with this key.</exception>
    public static IServiceCollection AddIotOpsMqtt(this IServiceCollection services, string key, MqttConnectionOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return services.AddIotOpsMqtt(key, _ => options);
    }

    /// <summary>The same, for options that need other services.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="key">The connection's name.</param>
    /// <param name="options">Makes the options, once.</param>
    /// <exception cref="InvalidOperationException">There is one with this key.</exception>
    public static IServiceCollection AddIotOpsMqtt(this IServiceCollection services, string key, Func<IServiceProvider, MqttConnectionOptions> options)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        ArgumentNullException.ThrowIfNull(options);
        return Add(services, key, options);
    }

    /// <summary>What every form comes down to.</summary>
    internal static IServiceCollection Add(IServiceCollection services, object? key, Func<IServiceProvider, MqttConnectionOptions> options)
    {
        ArgumentNullException.ThrowIfNull(services);
        Registration.Add(services, key, nameof(AddIotOpsMqtt), (provider, host) =>
        {
            MqttConnectionOptions made = options(provider).Made(nameof(AddIotOpsMqtt));
            return new MqttConnection(made with { LoggerFactory = made.LoggerFactory.Or(host) });
        });
        Registration.AddAs<IMqttConnection, MqttConnection>(services, key, nameof(AddIotOpsMqtt));
        Registration.AddRunner<MqttConnection>(services, key, static (connection, stop) => connection.ConnectAsync(stop));
        Health.Add<MqttConnection>(services, key, "mqtt", static service => service.Health);
        return services;
    }
}
