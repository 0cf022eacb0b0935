using System.Globalization;
using IotOps.Shared;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace IotOps.Hosting;

/// <summary>Holds what a service says of itself against its limits.</summary>
/// <param name="read">Asks the service; nothing waits.</param>
/// <param name="limits">How long its work may wait.</param>
internal sealed class ServiceCheck(Func<Health> read, IotOpsCheckLimits limits) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        Health health = read();
        var data = new Dictionary<string, object>(StringComparer.Ordinal);
        Add(data, "lastSuccess", health.LastSuccess);
        Add(data, "lastError", health.LastError);
        Add(data, "lastErrorAt", health.LastErrorAt);
        Add(data, "pending", health.Pending);
        return Task.FromResult(new HealthCheckResult(StatusOf(health, context.Registration.FailureStatus), Describe(health), exception: null, data));
    }

    private HealthStatus StatusOf(Health health, HealthStatus failure) => health switch
    {
        { HasEnded: true } => failure,
        { Pending: { } pending } when pending >= limits.UnhealthyAfter => failure,
        { Pending: { } pending } when pending >= limits.DegradedAfter => HealthStatus.Degraded,
        _ => HealthStatus.Healthy,
    };

    private static string Describe(Health health)
    {
        string what = health switch
        {
            { HasEnded: true } => "It has ended.",
            { Pending: { } pending } => string.Create(CultureInfo.InvariantCulture, $"Work has waited for {Math.Floor(pending.TotalSeconds):0} s."),
            _ => "Nothing waits.",
        };
        return health.LastError is { } error && health is { HasEnded: true } or { Pending: not null } ? $"{what} {error}" : what;
    }

    private static void Add(Dictionary<string, object> data, string name, object? value)
    {
        if (value is not null)
        {
            data.Add(name, value);
        }
    }
}
