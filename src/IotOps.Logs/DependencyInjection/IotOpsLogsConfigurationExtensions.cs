using IotOps.Logs;
using IotOps.Logs.DependencyInjection;
using IotOps.Shared;
using Microsoft.Extensions.Configuration;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds log shipping from a host's configuration. It uses no reflection, so that it works the same under NativeAOT.</summary>
public static class IotOpsLogsConfigurationExtensions
{
    /// <summary>
    /// Adds one <see cref="LogShipper"/> with the options that a section has: keys are the properties of <see cref="LogShipperOptions"/>, times are written <c>30s</c> and bytes
    /// <c>64MiB</c>. docs/configuration.md lists them all.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="section">The section, such as <c>configuration.GetSection("Logs")</c>.</param>
    /// <param name="adjust">Sets what no configuration has, such as credentials; null takes the options as they are read.</param>
    /// <exception cref="InvalidOperationException">Keys or values cannot be used; the message has a line for each. Or there is one already.</exception>
    public static IServiceCollection AddIotOpsLogs(
        this IServiceCollection services, IConfiguration section, Func<IServiceProvider, LogShipperOptions, LogShipperOptions>? adjust = null) =>
        Add(services, key: null, section, adjust);

    /// <summary>Adds a further one: <c>[FromKeyedServices(key)] LogShipper</c>.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="key">Its name.</param>
    /// <param name="section">Its section.</param>
    /// <param name="adjust">Sets what no configuration has; null takes the options as they are read.</param>
    /// <exception cref="InvalidOperationException">Keys or values cannot be used; the message has a line for each. Or there is one with this key.</exception>
    public static IServiceCollection AddIotOpsLogs(
        this IServiceCollection services, string key, IConfiguration section, Func<IServiceProvider, LogShipperOptions, LogShipperOptions>? adjust = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        return Add(services, key, section, adjust);
    }

    private static IServiceCollection Add(IServiceCollection services, object? key, IConfiguration section, Func<IServiceProvider, LogShipperOptions, LogShipperOptions>? adjust)
    {
        LogShipperOptions options = SettingsReader.Read(section, LogShipperSettings.Read);
        return IotOpsLogsServiceCollectionExtensions.Add(services, key, provider => adjust?.Invoke(provider, options) ?? options);
    }
}
