namespace IotOps.Fleet;

/// <summary>A field of the fleet index. Names are case-sensitive.</summary>
/// <param name="Path">As a query names it, without escapes: <c>shadow.reported.battery</c>.</param>
public readonly record struct FleetField(string Path)
{
    /// <summary>The thing's name.</summary>
    public static FleetField ThingName { get; } = new("thingName");

    /// <summary>The thing's type.</summary>
    public static FleetField ThingType { get; } = new("thingTypeName");

    /// <summary>The groups that the thing is in.</summary>
    public static FleetField ThingGroups { get; } = new("thingGroupNames");

    /// <summary>Whether the client whose id is the thing's name is connected.</summary>
    public static FleetField Connected { get; } = new("connectivity.connected");

    /// <summary>When it connected or disconnected, in milliseconds since 1970.</summary>
    public static FleetField ConnectivityTime { get; } = new("connectivity.timestamp");

    /// <summary>Why it disconnected.</summary>
    public static FleetField DisconnectReason { get; } = new("connectivity.disconnectReason");

    /// <summary>Behaviors that the thing violates, by Device Defender.</summary>
    public static FleetField Violations { get; } = new("deviceDefender.violationCount");

    /// <summary>Whether the classic shadow has a difference between desired and reported.</summary>
    public static FleetField HasDelta { get; } = new("shadow.hasDelta");

    /// <summary>An attribute of the registry.</summary>
    public static FleetField Attribute(string name) => new($"attributes.{name}");

    /// <summary>What the classic shadow reports, or with <paramref name="shadow"/> a named one, at a path with dots.</summary>
    public static FleetField Reported(string path, string? shadow = null) => InShadow("reported", path, shadow);

    /// <summary>What the classic shadow desires, or with <paramref name="shadow"/> a named one, at a path with dots.</summary>
    public static FleetField Desired(string path, string? shadow = null) => InShadow("desired", path, shadow);

    /// <summary>Whether the thing violates a behavior of a security profile.</summary>
    public static FleetField InViolation(string profile, string behavior) => new($"deviceDefender.{profile}.{behavior}.inViolation");

    private static FleetField InShadow(string section, string path, string? shadow) =>
        new($"shadow.{(shadow is null ? "" : $"name.{shadow}.")}{section}.{path}");
}
