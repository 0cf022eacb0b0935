namespace IotOps.Fleet;

/// <summary>What is known of a client's connection.</summary>
/// <param name="ClientId">The client.</param>
/// <param name="IsConnected">Whether it is connected.</param>
/// <param name="Since">The time of the event that says so.</param>
/// <param name="Version">That event's version.</param>
/// <param name="Session">That event's session.</param>
/// <param name="DisconnectReason">Why it disconnected; null while it is connected.</param>
public sealed record ClientConnection(string ClientId, bool IsConnected, DateTimeOffset Since, long Version, string? Session, string? DisconnectReason);
