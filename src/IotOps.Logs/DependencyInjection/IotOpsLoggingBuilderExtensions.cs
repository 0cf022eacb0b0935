using IotOps.Logs;
using IotOps.Shared;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.Extensions.Logging;

/// <summary>Sends <see cref="ILogger"/> messages to CloudWatch Logs.</summary>
public static class IotOpsLoggingBuilderExtensions
{
    /// <summary>Logs through the <see cref="LogShipper"/> of <c>AddIotOpsLogs</c>. May be called for several streams.</summary>
    /// <param name="builder">The host's logging.</param>
    /// <param name="options">Where messages go, and in which form.</param>
    public static ILoggingBuilder AddIotOpsCloudWatch(this ILoggingBuilder builder, CloudWatchLoggerOptions options) => Add(builder, key: null, options);

    /// <summary>Logs through the <see cref="LogShipper"/> that <c>AddIotOpsLogs</c> added with this key.</summary>
    /// <param name="builder">The host's logging.</param>
    /// <param name="key">The shipper's key.</param>
    /// <param name="options">Where messages go, and in which form.</param>
    public static ILoggingBuilder AddIotOpsCloudWatch(this ILoggingBuilder builder, string key, CloudWatchLoggerOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        return Add(builder, key, options);
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

        // A key of its own: there may be several.
        var key = new object();
        Registration.Add(builder.Services, key, nameof(AddIotOpsCloudWatch), (_, host) =>
            new CloudWatchLoggerProvider(options, shipper with { LoggerFactory = shipper.LoggerFactory.Or(host) }));
        builder.Services.AddSingleton<ILoggerProvider>(provider => provider.GetRequiredKeyedService<CloudWatchLoggerProvider>(key));
        Registration.AddHost<CloudWatchLoggerProvider>(builder.Services, key, static _ => { });
        return builder;
    }

    private static ILoggingBuilder Add(ILoggingBuilder builder, object? key, CloudWatchLoggerOptions options)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(options);
        builder.Services.AddSingleton<ILoggerProvider>(provider => new CloudWatchLoggerProvider(options, Shipper(provider, key)));
        return builder;
    }

    private static LogShipper Shipper(IServiceProvider provider, object? key) =>
        (key is null ? provider.GetService<LogShipper>() : provider.GetKeyedService<LogShipper>(key))
        ?? throw new InvalidOperationException(key is null
            ? "AddIotOpsCloudWatch needs services.AddIotOpsLogs(options) beside it, or LogShipperOptions as its second argument for a shipper of its own."
            : $"AddIotOpsCloudWatch(\"{key}\", ...) needs services.AddIotOpsLogs(\"{key}\", options) beside it.");
}
