using IotOps.SlackExport;
using IotOps.SlackExport.DependencyInjection;
using IotOps.Shared;
using Microsoft.Extensions.Configuration;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the Slack command that exports logs from a host's configuration. It uses no reflection, so that it works the same under NativeAOT.</summary>
public static class IotOpsSlackExportConfigurationExtensions
{
    /// <summary>
    /// Adds what <see cref="IotOpsSlackExportServiceCollectionExtensions.AddIotOpsSlackExport(IServiceCollection, SlackExportOptions)"/> adds with the options that a section has: keys are the properties of <see cref="SlackExportOptions"/>, times are written <c>30s</c> and bytes
    /// <c>64MiB</c>. docs/configuration.md lists them all.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="section">The section, such as <c>configuration.GetSection("SlackExport")</c>.</param>
    /// <param name="adjust">Sets what no configuration has, such as credentials; null takes the options as they are read.</param>
    /// <exception cref="InvalidOperationException">Keys or values cannot be used; the message has a line for each. Or there is one already.</exception>
    public static IServiceCollection AddIotOpsSlackExport(
        this IServiceCollection services, IConfiguration section, Func<IServiceProvider, SlackExportOptions, SlackExportOptions>? adjust = null) =>
        Add(services, section, adjust);

    private static IServiceCollection Add(IServiceCollection services, IConfiguration section, Func<IServiceProvider, SlackExportOptions, SlackExportOptions>? adjust)
    {
        SlackExportOptions options = SettingsReader.Read(section, SlackExportSettings.Read);
        return services.AddIotOpsSlackExport(provider => adjust?.Invoke(provider, options) ?? options);
    }
}
