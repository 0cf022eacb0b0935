namespace IotOps.Fleet;

/// <summary>A component of AWS IoT Greengrass V2 in a deployment or a call.</summary>
/// <param name="Name">Such as <c>com.example.Agent</c>.</param>
/// <param name="Version">Such as <c>1.2.0</c>; null when the call leaves it open.</param>
public sealed record GreengrassComponent(string Name, string? Version);
