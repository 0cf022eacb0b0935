namespace IotOps.Defender;

/// <summary>One established TCP connection.</summary>
/// <param name="RemoteAddress">The peer's address.</param>
/// <param name="RemotePort">The peer's port, 1-65535.</param>
/// <param name="LocalPort">This machine's port, 1-65535; null is left out of the report.</param>
/// <param name="LocalInterface">The interface that has the local address, such as <c>eth0</c>; null is left out of the report.</param>
public readonly record struct EstablishedConnection(InternetAddress RemoteAddress, int RemotePort, int? LocalPort = null, string? LocalInterface = null);
