namespace IotOps.Fleet;

/// <summary>A message that is no notification.</summary>
/// <param name="Reason">Why not.</param>
public sealed record UnreadableNotification(string Reason) : DefenderNotification;
