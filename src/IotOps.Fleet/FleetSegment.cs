namespace IotOps.Fleet;

/// <summary>A part of a fleet by what its things are: firmware 2.0.10 with a battery above 50 %.</summary>
/// <param name="Name">What it is called in alarms.</param>
/// <param name="Query">Which things are in it.</param>
public sealed record FleetSegment(string Name, FleetQuery Query);
