using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace IotOps.Shared;

/// <summary>How each package adds what it has to a host: one service, or one a key.</summary>
internal static class Registration
{
    /// <summary>Adds a service, and the logging that it may use before the host's own is there.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="key">Its key; null for the one without.</param>
    /// <param name="method">Who adds it, for the message.</param>
    /// <param name="make">Makes it, once, with the services and the host's logging.</param>
    /// <exception cref="InvalidOperationException">There is one with that key.</exception>
    public static void Add<T>(IServiceCollection services, object? key, string method, Func<IServiceProvider, HostLogging, T> make)
        where T : class
    {
        ThrowIfAdded<T>(services, key, method);
        AddWith(services, key, static _ => new HostLoggingOf<T>());
        AddWith(services, key, provider => make(provider, Get<HostLoggingOf<T>>(provider, key).Logging));
    }

    /// <summary>Gives the service a second type, such as the interface that others ask for.</summary>
    /// <exception cref="InvalidOperationException">There is one with that key.</exception>
    public static void AddAs<TInterface, T>(IServiceCollection services, object? key, string method)
        where TInterface : class
        where T : class, TInterface
    {
        ThrowIfAdded<TInterface>(services, key, method);
        AddWith<TInterface>(services, key, provider => Get<T>(provider, key));
    }

    /// <summary>Starts the service with the host and stops it with the host.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="key">The service's key.</param>
    /// <param name="start">Starts it; must not wait for the network.</param>
    /// <param name="stop">Drains it for as long as the token allows; null leaves its end to the container, which disposes it after every hosted service has stopped.</param>
    public static void AddHost<T>(IServiceCollection services, object? key, Action<T> start, Func<T, CancellationToken, Task>? stop = null)
        where T : class =>
        services.AddSingleton<IHostedService>(provider => new ServiceHost<T>(() => GetLogging<T>(provider, key), start, stop));

    /// <summary>Runs the service until the host stops. What the work throws ends the host, unless its options say otherwise.</summary>
    public static void AddRunner<T>(IServiceCollection services, object? key, Func<T, CancellationToken, Task> run)
        where T : class =>
        services.AddSingleton<IHostedService>(provider => new ServiceRunner<T>(() => GetLogging<T>(provider, key), run));

    /// <summary>The service of a key.</summary>
    public static T Get<T>(IServiceProvider provider, object? key)
        where T : class => key is null ? provider.GetRequiredService<T>() : provider.GetRequiredKeyedService<T>(key);

    /// <summary>The service of a key, or else the one without: several devices may share what one of them needs.</summary>
    public static T GetOrShared<T>(IServiceProvider provider, object? key)
        where T : class => (key is null ? null : provider.GetKeyedService<T>(key)) ?? provider.GetRequiredService<T>();

    /// <summary>The options' own logger factory, or the host's where they name none.</summary>
    public static ILoggerFactory Or(this ILoggerFactory? given, HostLogging host) => given is null || ReferenceEquals(given, NullLoggerFactory.Instance) ? host : given;

    /// <summary>The options that a function of the caller's made.</summary>
    /// <exception cref="InvalidOperationException">It made none.</exception>
    public static TOptions Made<TOptions>(this TOptions? options, string method)
        where TOptions : class => options ?? throw new InvalidOperationException($"The function given to {method} returned null instead of options.");

    // The service, with the host's logging from now on.
    private static T GetLogging<T>(IServiceProvider provider, object? key)
        where T : class
    {
        T service = Get<T>(provider, key);
        Get<HostLoggingOf<T>>(provider, key).Logging.Attach(provider.GetService<ILoggerFactory>());
        return service;
    }

    private static void ThrowIfAdded<T>(IServiceCollection services, object? key, string method)
    {
        if (services.Any(service => service.ServiceType == typeof(T) && Equals(service.ServiceKey, key)))
        {
            throw new InvalidOperationException(key is null
                ? $"The services have a {typeof(T).Name} already: give the second one a key, such as {method}(\"pump2\", ...), and take it by [FromKeyedServices(\"pump2\")]."
                : string.Create(CultureInfo.InvariantCulture, $"The services have a {typeof(T).Name} with the key '{key}' already: give {method} another key."));
        }
    }

    private static void AddWith<T>(IServiceCollection services, object? key, Func<IServiceProvider, T> make)
        where T : class => services.Add(key is null ? ServiceDescriptor.Singleton(make) : ServiceDescriptor.KeyedSingleton(key, (provider, _) => make(provider)));

    private sealed class HostLoggingOf<T>
    {
        public HostLogging Logging { get; } = new();
    }
}
