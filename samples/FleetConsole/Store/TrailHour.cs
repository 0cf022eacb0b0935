namespace IotOps.Samples.FleetConsole.Store;

/// <summary>An hour of the trail.</summary>
/// <param name="Hour">Its first moment.</param>
/// <param name="Writes">Records of writes.</param>
/// <param name="Verdict">What the digest says.</param>
/// <param name="Detail">Why, in words; null where there is nothing to say.</param>
public sealed record TrailHour(DateTimeOffset Hour, long Writes, DigestVerdict Verdict, string? Detail);
