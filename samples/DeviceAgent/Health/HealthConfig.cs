using IotOps.Samples.Configuration;

namespace IotOps.Samples.DeviceAgent.Health;

/// <summary>Where the agent says how it is: <c>health: { port: 9464, after: '1h' }</c>.</summary>
/// <param name="Port">Port on loopback.</param>
/// <param name="After">How long something may wait before the agent calls itself unhealthy.</param>
internal sealed record HealthConfig(int Port, TimeSpan After)
{
    /// <summary>Reads the section; null when it is not there.</summary>
    public static HealthConfig? Read(ConfigReader health)
    {
        int? port = health.Integer("port", 1, 65_535);
        TimeSpan after = health.Duration("after", TimeSpan.FromHours(1));
        return port is { } number ? new HealthConfig(number, after) : null;
    }
}
