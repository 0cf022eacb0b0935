namespace IotOps.Shadow;

/// <summary>Stored state that could not be read when the cache opened. What could be read was used; the damaged file is kept.</summary>
/// <param name="File">The file that is damaged.</param>
/// <param name="KeptAs">Where it is kept for an examination; null when it could not be moved aside and is still at its place.</param>
/// <param name="DamagedBytes">How many of its bytes could not be used.</param>
/// <param name="What">What was wrong and what was used instead.</param>
public sealed record ShadowDamage(string File, string? KeptAs, long DamagedBytes, string What);
