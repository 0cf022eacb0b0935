using IotOps.Hosting;
using IotOps.Shared;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds health checks of the IotOps packages to a host.</summary>
public static class IotOpsHealthChecksBuilderExtensions
{
    /// <summary>
    /// Adds one check for each service that the host has of IotOps.Logs, Mqtt, Shadow, Defender, Archive (exports in the process), Fleet and Detect, also
    /// for those that are added later: <c>iotops-logs</c>, and <c>iotops-mqtt-pump2</c> for one with the key <c>pump2</c>. A check asks the service in the
    /// process and calls nothing. Its data has <c>lastSuccess</c>, <c>lastError</c>, <c>lastErrorAt</c> and <c>pending</c>, where there are any.
    /// </summary>
    /// <param name="builder">The host's checks, of <c>services.AddHealthChecks()</c>.</param>
    /// <param name="options">Thresholds; null for the defaults.</param>
    /// <exception cref="ArgumentException">A threshold is not longer than zero, or one for unhealthy is shorter than the one for degraded.</exception>
    public static IHealthChecksBuilder AddIotOpsChecks(this IHealthChecksBuilder builder, IotOpsCheckOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        options ??= new IotOpsCheckOptions();
        foreach ((string name, IotOpsCheckLimits limits) in options.Limits.Prepend(new("the checks", new IotOpsCheckLimits(options.DegradedAfter, options.UnhealthyAfter))))
        {
            if (!limits.IsPossible)
            {
                throw new ArgumentException($"Of {name}, DegradedAfter is {limits.DegradedAfter} and UnhealthyAfter is {limits.UnhealthyAfter}; both are longer than zero, and the second is not shorter.", nameof(options));
            }
        }

        // When the checks are asked for, all services have been added.
        builder.Services.AddSingleton<IConfigureOptions<HealthCheckServiceOptions>>(provider => new ConfigureOptions<HealthCheckServiceOptions>(checks =>
        {
            foreach ((string name, Func<Health> read) in Health.Sources(provider))
            {
                checks.Registrations.Add(new HealthCheckRegistration(name, new ServiceCheck(read, options.LimitsOf(name)), HealthStatus.Unhealthy, options.Tags));
            }
        }));
        return builder;
    }
}
