namespace IotOps.Fleet.Patterns;

/// <summary>An alternative of a pattern.</summary>
/// <param name="Pattern">The pattern's number.</param>
/// <param name="Paths">The numbers of its paths, in the order of the paths' names.</param>
/// <param name="Terms">What it asks of each.</param>
internal sealed record PatternRule(int Pattern, int[] Paths, PathTerms[] Terms);
