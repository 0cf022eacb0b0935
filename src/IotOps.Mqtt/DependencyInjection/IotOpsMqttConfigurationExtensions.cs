using IotOps.Mqtt;
using IotOps.Mqtt.DependencyInjection;
using IotOps.Shared;
using Microsoft.Extensions.Configuration;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds a connection from a host's configuration. It uses no reflection, so that it works the same under NativeAOT.</summary>
public static class IotOpsMqttConfigurationExtensions
{
    /// <summary>
    /// Adds one <see cref="MqttConnection"/> with the options that a section has: keys are the properties of <see cref="MqttConnectionOptions"/>, times are written <c>30s</c> and bytes
    /// <c>64MiB</c>. docs/configuration.md lists them all.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="section">The section, such as <c>configuration.GetSection("Mqtt")</c>.</param>
    /// <param name="adjust">Sets what no configuration has, such as a certificate store; null takes the options as they are read.</param>
    /// <exception cref="InvalidOperationException">Keys or values cannot be used; the message has a line for each. Or there is one already.</exception>
    public static IServiceCollection AddIotOpsMqtt(
        this IServiceCollection services, IConfiguration section, Func<IServiceProvider, MqttConnectionOptions, MqttConnectionOptions>? adjust = null) =>
        Add(services, key: null, section, adjust);

    /// <summary>Adds a further one: <c>[FromKeyedServices(key)] IMqttConnection</c>.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="key">Its name.</param>
    /// <param name="section">Its section.</param>
    /// <param name="adjust">Sets what no configuration has; null takes the options as they are read.</param>
    /// <exception cref="InvalidOperationException">Keys or values cannot be used; the message has a line for each. Or there is one with this key.</exception>
    public static IServiceCollection AddIotOpsMqtt(
        this IServiceCollection services, string key, IConfiguration section, Func<IServiceProvider, MqttConnectionOptions, MqttConnectionOptions>? adjust = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        return Add(services, key, section, adjust);
    }

    private static IServiceCollection Add(IServiceCollection services, object? key, IConfiguration section, Func<IServiceProvider, MqttConnectionOptions, MqttConnectionOptions>? adjust)
    {
        MqttConnectionOptions options = SettingsReader.Read(section, MqttConnectionSettings.Read);
        return IotOpsMqttServiceCollectionExtensions.Add(services, key, provider => adjust?.Invoke(provider, options) ?? options);
    }
}
