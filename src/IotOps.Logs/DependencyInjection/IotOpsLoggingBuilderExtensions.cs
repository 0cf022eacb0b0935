using IotOps.Logs;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.Extensions.Logging;

/// <summary>Sends <see cref="ILogger"/> messages to CloudWatch Logs.</summary>
public static class IotOpsLoggingBuilderExtensions
{
    /// <summary>Logs through the <see cref="LogShipper"/> of <see cref="IotOpsLogsServiceCollectionExtensions.AddIotOpsLogs"/>. May be called for several streams.</summary>
    /// <param name="builder">The host's logging.</param>
    /// <param name="options">Where messages go, and in which form.</param>
    public static ILoggingBuilder AddIotOpsCloudWatch(this ILoggingBuilder builder, CloudWatchLoggerOptions options)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(options);
        builder.Services.AddSingleton<ILoggerProvider>(
            services => new CloudWatchLoggerProvider(options, services.GetRequiredService<LogShipper>()));
        return builder;
    }

    /// <summary>Logs through a shipper of the provider's own, for an application that ships nothing else.</summary>
    /// <param name="builder">The host's logging.</param>
    /// <param name="options">Where messages go, and in which form.</param>
    /// <param name="shipper">Region, credentials and state directory; no other shipper may use that directory.</param>
    public static ILoggingBuilder AddIotOpsCloudWatch(
        this ILoggingBuilder builder, CloudWatchLoggerOptions options, LogShipperOptions shipper)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(shipper);
        builder.Services.AddSingleton<ILoggerProvider>(_ => new CloudWatchLoggerProvider(options, shipper));
        return builder;
    }
}
