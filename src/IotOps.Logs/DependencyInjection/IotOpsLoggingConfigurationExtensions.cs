using IotOps.Logs.DependencyInjection;
using IotOps.Shared;
using Microsoft.Extensions.Configuration;

namespace Microsoft.Extensions.Logging;

/// <summary>Sends <see cref="ILogger"/> messages to CloudWatch Logs, to where a section of the host's configuration says.</summary>
public static class IotOpsLoggingConfigurationExtensions
{
    /// <summary>Logs through the shipper that <c>AddIotOpsLogs</c> adds. May be called for several streams.</summary>
    /// <param name="builder">The host's logging.</param>
    /// <param name="section">
    /// The section, such as <c>configuration.GetSection("CloudWatch")</c>: its keys are the properties of <see cref="IotOps.Logs.CloudWatchLoggerOptions"/>.
    /// Levels are the host's own: <c>Logging:CloudWatch:LogLevel</c>.
    /// </param>
    /// <exception cref="InvalidOperationException">Keys or values cannot be used; the message has a line for each.</exception>
    public static ILoggingBuilder AddIotOpsCloudWatch(this ILoggingBuilder builder, IConfiguration section) =>
        builder.AddIotOpsCloudWatch(SettingsReader.Read(section, CloudWatchLoggerSettings.Read));

    /// <summary>Logs through the shipper that <c>AddIotOpsLogs</c> adds with the same key.</summary>
    /// <param name="builder">The host's logging.</param>
    /// <param name="key">The shipper's name.</param>
    /// <param name="section">The section.</param>
    /// <exception cref="InvalidOperationException">Keys or values cannot be used; the message has a line for each.</exception>
    public static ILoggingBuilder AddIotOpsCloudWatch(this ILoggingBuilder builder, string key, IConfiguration section) =>
        builder.AddIotOpsCloudWatch(key, SettingsReader.Read(section, CloudWatchLoggerSettings.Read));
}
