using Microsoft.Extensions.DependencyInjection;

namespace IotOps.Shared;

/// <summary>How a service is at one moment.</summary>
/// <param name="LastSuccess">When it last did what it is for; null when it never has.</param>
/// <param name="LastError">What went wrong last, without secrets; null when nothing has.</param>
/// <param name="LastErrorAt">When that was, where it is known.</param>
/// <param name="Pending">For how long something has waited that should have been done; null when nothing waits.</param>
/// <param name="HasEnded">It will not work again in this process.</param>
internal readonly record struct Health(DateTimeOffset? LastSuccess, string? LastError, DateTimeOffset? LastErrorAt, TimeSpan? Pending, bool HasEnded)
{
    // Types of .NET alone: IotOps.Hosting reads every package's sources without a reference to any of them.
    private const string Key = "IotOps.Health";

    /// <summary>Adds a service's source.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="key">The service's key; null for the one without.</param>
    /// <param name="name">What it is called in checks: <c>mqtt</c>.</param>
    /// <param name="read">Reads it; must not wait.</param>
    public static void Add<T>(IServiceCollection services, object? key, string name, Func<T, Health> read)
        where T : class =>
        services.AddKeyedSingleton(Key, (provider, _) => Tuple.Create(
            key is null ? $"iotops-{name}" : $"iotops-{name}-{key}",
            () =>
            {
                Health health = read(Registration.Get<T>(provider, key));
                return (health.LastSuccess, health.LastError, health.LastErrorAt, health.Pending, health.HasEnded);
            }));

    /// <summary>The sources of all packages in a host, by name.</summary>
    public static IEnumerable<(string Name, Func<Health> Read)> Sources(IServiceProvider provider)
    {
        foreach (var source in provider.GetKeyedServices<Tuple<string, Func<(DateTimeOffset?, string?, DateTimeOffset?, TimeSpan?, bool)>>>(Key))
        {
            yield return (source.Item1, () => Of(source.Item2()));
        }
    }

    private static Health Of((DateTimeOffset?, string?, DateTimeOffset?, TimeSpan?, bool) told) => new(told.Item1, told.Item2, told.Item3, told.Item4, told.Item5);
}
