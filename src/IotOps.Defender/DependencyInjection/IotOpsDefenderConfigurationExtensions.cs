using IotOps.Defender;
using IotOps.Defender.DependencyInjection;
using IotOps.Mqtt;
using IotOps.Shared;
using Microsoft.Extensions.Configuration;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds Device Defender reporting from a host's configuration. It uses no reflection, so that it works the same under NativeAOT.</summary>
public static class IotOpsDefenderConfigurationExtensions
{
    /// <summary>
    /// Adds one <see cref="DefenderPublisher"/> over the host's <c>IMqttConnection</c> with the options that a section has: keys are the properties of <see cref="DefenderPublisherOptions"/>, times are written <c>30s</c> and bytes
    /// <c>64MiB</c>. docs/configuration.md lists them all.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="section">The section, such as <c>configuration.GetSection("Defender")</c>.</param>
    /// <param name="adjust">Sets what no configuration has, such as custom metrics; null takes the options as they are read.</param>
    /// <exception cref="InvalidOperationException">Keys or values cannot be used; the message has a line for each. Or there is one already.</exception>
    public static IServiceCollection AddIotOpsDefender(
        this IServiceCollection services, IConfiguration section, Func<IServiceProvider, DefenderPublisherOptions, DefenderPublisherOptions>? adjust = null) =>
        Add(services, key: null, section, adjust);

    /// <summary>Adds a further one: <c>[FromKeyedServices(key)] DefenderPublisher</c>.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="key">Its name. An <c>IMqttConnection</c> with this key is taken, or else the one without.</param>
    /// <param name="section">Its section.</param>
    /// <param name="adjust">Sets what no configuration has; null takes the options as they are read.</param>
    /// <exception cref="InvalidOperationException">Keys or values cannot be used; the message has a line for each. Or there is one with this key.</exception>
    public static IServiceCollection AddIotOpsDefender(
        this IServiceCollection services, string key, IConfiguration section, Func<IServiceProvider, DefenderPublisherOptions, DefenderPublisherOptions>? adjust = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        return Add(services, key, section, adjust);
    }

    private static IServiceCollection Add(IServiceCollection services, object? key, IConfiguration section, Func<IServiceProvider, DefenderPublisherOptions, DefenderPublisherOptions>? adjust)
    {
        DefenderPublisherOptions options = SettingsReader.Read(section, DefenderPublisherSettings.Read);
        return IotOpsDefenderServiceCollectionExtensions.Add(services, key, provider =>
        {
            DefenderPublisherOptions made = options with { Connection = Registration.GetOrShared<IMqttConnection>(provider, key) };
            return adjust?.Invoke(provider, made) ?? made;
        });
    }
}
