namespace IotOps.Samples.FleetConsole.Store;

/// <summary>What a digest says of an hour; the latest telling wins.</summary>
/// <param name="Hour">The hour's first moment.</param>
/// <param name="Verdict">The verdict.</param>
/// <param name="Detail">Why, in words; null where there is nothing to say.</param>
/// <param name="Checked">When it was checked.</param>
public sealed record DigestHour(DateTimeOffset Hour, DigestVerdict Verdict, string? Detail, DateTimeOffset Checked);
