using IotOps.Detect;
using IotOps.Shared;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds detection to a host.</summary>
public static class IotOpsDetectServiceCollectionExtensions
{
    /// <summary>Adds one <see cref="DetectWorker"/>, which works from the start of the host to its end, and then finishes the batches it has in hand.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="options">Messages, store and profiles. Unless <see cref="DetectWorkerOptions.LoggerFactory"/> is set, the worker logs through the host.</param>
    /// <exception cref="InvalidOperationException">There is one already; a second one needs a key.</exception>
    public static IServiceCollection AddIotOpsDetect(this IServiceCollection services, DetectWorkerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Add(services, key: null, _ => options);
    }

    /// <summary>The same, for options that need other services, such as inbox and store.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="options">Makes the options, once.</param>
    /// <exception cref="InvalidOperationException">There is one already; a second one needs a key.</exception>
    public static IServiceCollection AddIotOpsDetect(this IServiceCollection services, Func<IServiceProvider, DetectWorkerOptions> options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Add(services, key: null, options);
    }

    /// <summary>Adds a further worker, for another fleet: <c>[FromKeyedServices(key)] DetectWorker</c>.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="key">The worker's name.</param>
    /// <param name="options">Messages, store and profiles. Unless <see cref="DetectWorkerOptions.LoggerFactory"/> is set, the worker logs through the host.</param>
    /// <exception cref="InvalidOperationException">There is one with this key.</exception>
    public static IServiceCollection AddIotOpsDetect(this IServiceCollection services, string key, DetectWorkerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return services.AddIotOpsDetect(key, _ => options);
    }

    /// <summary>The same, for options that need other services, such as inbox and store.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="key">The worker's name.</param>
    /// <param name="options">Makes the options, once.</param>
    /// <exception cref="InvalidOperationException">There is one with this key.</exception>
    public static IServiceCollection AddIotOpsDetect(this IServiceCollection services, string key, Func<IServiceProvider, DetectWorkerOptions> options)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        ArgumentNullException.ThrowIfNull(options);
        return Add(services, key, options);
    }

    /// <summary>What every form comes down to.</summary>
    internal static IServiceCollection Add(IServiceCollection services, object? key, Func<IServiceProvider, DetectWorkerOptions> options)
    {
        ArgumentNullException.ThrowIfNull(services);
        Registration.Add(services, key, nameof(AddIotOpsDetect), (provider, host) =>
        {
            DetectWorkerOptions made = options(provider).Made(nameof(AddIotOpsDetect));
            return new DetectWorker(made with { LoggerFactory = made.LoggerFactory.Or(host) });
        });
        Registration.AddRunner<DetectWorker>(services, key, static (worker, stop) => worker.RunAsync(stop));
        Health.Add<DetectWorker>(services, key, "detect", static service => service.Health);
        return services;
    }
}
