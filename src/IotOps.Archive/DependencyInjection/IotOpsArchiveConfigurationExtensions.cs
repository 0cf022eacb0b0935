using Amazon.S3;
using IotOps.Archive;
using IotOps.Archive.DependencyInjection;
using IotOps.Shared;
using Microsoft.Extensions.Configuration;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds exports of logs from a host's configuration. It uses no reflection, so that it works the same under NativeAOT.</summary>
public static class IotOpsArchiveConfigurationExtensions
{
    /// <summary>
    /// Adds one <see cref="LogExporter"/> over the host's <c>IAmazonS3</c> with the options that a section has: keys are the properties of <see cref="LogExporterOptions"/>, times are written <c>30s</c> and bytes
    /// <c>64MiB</c>. docs/configuration.md lists them all.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="section">The section, such as <c>configuration.GetSection("Archive")</c>.</param>
    /// <param name="adjust">Sets what no configuration has, such as a store for finished exports; null takes the options as they are read.</param>
    /// <exception cref="InvalidOperationException">Keys or values cannot be used; the message has a line for each. Or there is one already.</exception>
    public static IServiceCollection AddIotOpsArchive(
        this IServiceCollection services, IConfiguration section, Func<IServiceProvider, LogExporterOptions, LogExporterOptions>? adjust = null) =>
        Add(services, key: null, section, adjust);

    /// <summary>Adds a further one: <c>[FromKeyedServices(key)] LogExporter</c>.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="key">Its name. An <c>IAmazonS3</c> with this key is taken, or else the one without.</param>
    /// <param name="section">Its section.</param>
    /// <param name="adjust">Sets what no configuration has; null takes the options as they are read.</param>
    /// <exception cref="InvalidOperationException">Keys or values cannot be used; the message has a line for each. Or there is one with this key.</exception>
    public static IServiceCollection AddIotOpsArchive(
        this IServiceCollection services, string key, IConfiguration section, Func<IServiceProvider, LogExporterOptions, LogExporterOptions>? adjust = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        return Add(services, key, section, adjust);
    }

    private static IServiceCollection Add(IServiceCollection services, object? key, IConfiguration section, Func<IServiceProvider, LogExporterOptions, LogExporterOptions>? adjust)
    {
        LogExporterOptions options = SettingsReader.Read(section, LogExporterSettings.Read);
        return IotOpsArchiveServiceCollectionExtensions.Add(services, key, provider =>
        {
            LogExporterOptions made = options with { S3 = Registration.GetOrShared<IAmazonS3>(provider, key) };
            return adjust?.Invoke(provider, made) ?? made;
        });
    }
}
