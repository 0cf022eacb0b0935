namespace IotOps.Fleet;

/// <summary>How many errors of a group have a value.</summary>
/// <param name="Value">The client, principal, address or rule.</param>
/// <param name="Errors">At most how many: where there are more values than are kept, the count of a dropped one is inherited.</param>
/// <param name="AtLeast">At least how many.</param>
public sealed record ErrorShare(string Value, long Errors, long AtLeast);
