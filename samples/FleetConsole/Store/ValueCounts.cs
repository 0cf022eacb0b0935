namespace IotOps.Samples.FleetConsole.Store;

/// <summary>The values of a field.</summary>
/// <param name="Distinct">How many different ones.</param>
/// <param name="Top">Those with most errors, and how many.</param>
public sealed record ValueCounts(int Distinct, IReadOnlyList<KeyValuePair<string, long>> Top);
