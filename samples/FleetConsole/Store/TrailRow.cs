using System.Text;
using IotOps.Fleet;

namespace IotOps.Samples.FleetConsole.Store;

/// <summary>A record of CloudTrail about AWS IoT or Greengrass.</summary>
/// <param name="EventId">Its id: a record that comes twice is kept once.</param>
/// <param name="Time">When, UTC.</param>
/// <param name="Service">The service, such as <c>iot.amazonaws.com</c>.</param>
/// <param name="Name">The API.</param>
public sealed record TrailRow(string EventId, DateTimeOffset Time, string Service, string Name)
{
    /// <summary>Who, in one name.</summary>
    public string Actor { get; init; } = "unknown";

    /// <summary>With which kind of credentials.</summary>
    public CloudTrailCredentials Credentials { get; init; }

    /// <summary>From where: an address, or the name of a service.</summary>
    public string? Address { get; init; }

    /// <summary>What it was done to, in words.</summary>
    public string? Resource { get; init; }

    /// <summary>Whether it changed something, or tried to.</summary>
    public bool IsWrite { get; init; }

    /// <summary>Why it failed; null when it did not.</summary>
    public string? Error { get; init; }

    /// <summary>The record as it was delivered, JSON.</summary>
    public string Json { get; init; } = "";

    /// <summary>Its place, for pages.</summary>
    public LineKey Key => new(Time.ToUnixTimeMilliseconds(), RowHash.Of(EventId));

    /// <summary>What a record says; null when it has no id or time, or is of neither service.</summary>
    public static TrailRow? Of(CloudTrailRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        GreengrassActivity? greengrass = GreengrassActivity.Of(record);
        IotActivity? iot = greengrass is null ? IotActivity.Of(record) : null;
        FleetActivity? activity = greengrass ?? (FleetActivity?)iot;
        if (activity is not { EventId: { Length: > 0 } id, Time: { } time })
        {
            return null;
        }

        return new TrailRow(id, time, greengrass is null ? IotActivity.Source : GreengrassActivity.Source, activity.EventName ?? "?")
        {
            Actor = activity.Actor ?? "unknown",
            Credentials = activity.Credentials,
            Address = activity.SourceIPAddress,
            Resource = greengrass is null ? ResourceOf(iot!) : ResourceOf(greengrass),
            IsWrite = activity.IsWrite,
            Error = activity.Error,
            Json = Encoding.UTF8.GetString(record.Json.Span),
        };
    }

    private static string? ResourceOf(IotActivity one) =>
        Join(one.Policy, one.Thing, one.Certificate, one.Group, one.Job, one.Rule, one.NewStatus) ?? one.Resources.Select(resource => resource.Arn).FirstOrDefault();

    private static string? ResourceOf(GreengrassActivity one) =>
        Join([one.DeploymentName ?? one.Deployment, one.CoreDevice, one.Target, .. one.Components.Select(component => $"{component.Name} {component.Version}".TrimEnd())]);

    private static string? Join(params string?[] parts) => string.Join(", ", parts.Where(part => !string.IsNullOrEmpty(part))) is { Length: > 0 } text ? text : null;
}
