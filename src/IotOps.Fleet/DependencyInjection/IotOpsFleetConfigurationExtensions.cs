using IotOps.Aws;
using IotOps.Fleet;
using IotOps.Fleet.DependencyInjection;
using IotOps.Shared;
using Microsoft.Extensions.Configuration;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds a reader of events from a queue from a host's configuration. It uses no reflection, so that it works the same under NativeAOT.</summary>
public static class IotOpsFleetConfigurationExtensions
{
    /// <summary>
    /// Adds one <see cref="EventQueueReader"/> over the host's <see cref="AwsClient"/> and <see cref="EventRouter"/> with the options that a section has: keys are the properties of <see cref="EventQueueOptions"/>, times are written <c>30s</c> and bytes
    /// <c>64MiB</c>. docs/configuration.md lists them all.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="section">The section, such as <c>configuration.GetSection("Fleet")</c>.</param>
    /// <param name="adjust">Sets what no configuration has, such as a client of its own; null takes the options as they are read.</param>
    /// <exception cref="InvalidOperationException">Keys or values cannot be used; the message has a line for each. Or there is one already.</exception>
    public static IServiceCollection AddIotOpsFleet(
        this IServiceCollection services, IConfiguration section, Func<IServiceProvider, EventQueueOptions, EventQueueOptions>? adjust = null) =>
        Add(services, key: null, section, adjust);

    /// <summary>Adds a further one: <c>[FromKeyedServices(key)] EventQueueReader</c>.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="key">Its name. A client and a router with this key are taken, or else those without.</param>
    /// <param name="section">Its section.</param>
    /// <param name="adjust">Sets what no configuration has; null takes the options as they are read.</param>
    /// <exception cref="InvalidOperationException">Keys or values cannot be used; the message has a line for each. Or there is one with this key.</exception>
    public static IServiceCollection AddIotOpsFleet(
        this IServiceCollection services, string key, IConfiguration section, Func<IServiceProvider, EventQueueOptions, EventQueueOptions>? adjust = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        return Add(services, key, section, adjust);
    }

    private static IServiceCollection Add(IServiceCollection services, object? key, IConfiguration section, Func<IServiceProvider, EventQueueOptions, EventQueueOptions>? adjust)
    {
        EventQueueOptions options = SettingsReader.Read(section, EventQueueSettings.Read);
        return IotOpsFleetServiceCollectionExtensions.Add(services, key, provider =>
        {
            EventQueueOptions made = options with { Client = Registration.GetOrShared<AwsClient>(provider, key), Router = Registration.GetOrShared<EventRouter>(provider, key) };
            return adjust?.Invoke(provider, made) ?? made;
        });
    }
}
