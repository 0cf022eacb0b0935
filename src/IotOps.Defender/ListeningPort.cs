namespace IotOps.Defender;

/// <summary>One TCP or UDP port that this machine listens on.</summary>
/// <param name="Port">1-65535.</param>
/// <param name="Interface">The interface it listens on, such as <c>eth0</c>, or the wildcard address; null is left out of the report.</param>
public readonly record struct ListeningPort(int Port, string? Interface = null);
