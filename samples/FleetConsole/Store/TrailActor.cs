using IotOps.Fleet;

namespace IotOps.Samples.FleetConsole.Store;

/// <summary>Who wrote, and how often.</summary>
/// <param name="Actor">Who, in one name.</param>
/// <param name="Credentials">With which kind of credentials.</param>
/// <param name="Writes">Records of writes.</param>
public sealed record TrailActor(string Actor, CloudTrailCredentials Credentials, long Writes);
