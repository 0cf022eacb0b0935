namespace IotOps.Samples.FleetConsole.Store;

/// <summary>Connections of a stretch of time.</summary>
/// <param name="Start">Its first moment.</param>
/// <param name="Connected">Connections made.</param>
/// <param name="Disconnected">Connections lost or ended.</param>
/// <param name="Refused">Connections refused.</param>
/// <param name="Offline">Clients that are offline at its end.</param>
public sealed record ConnectivityBar(DateTimeOffset Start, long Connected, long Disconnected, long Refused, long Offline);
