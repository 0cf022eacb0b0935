namespace IotOps.Fleet.Patterns;

/// <summary>A value on a path.</summary>
/// <param name="Element">The array element that it lies in; -1 for none.</param>
/// <param name="IsTaken">Whether the rule takes it.</param>
internal readonly record struct PathCandidate(int Element, bool IsTaken);
