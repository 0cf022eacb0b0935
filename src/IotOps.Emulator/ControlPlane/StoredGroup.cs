namespace IotOps.Emulator.ControlPlane;

/// <summary>A thing group and what the service adds to it.</summary>
internal sealed record StoredGroup(EmulatedThingGroup Group, string Id, long Version, DateTimeOffset CreatedAt);
