namespace IotOps.Samples.FleetConsole.Store;

/// <summary>A client's connection, as the latest lifecycle event has it.</summary>
/// <param name="Client">The client id, mostly the thing's name.</param>
/// <param name="IsConnected">Whether it is connected.</param>
/// <param name="Since">Since when.</param>
public sealed record ClientState(string Client, bool IsConnected, DateTimeOffset Since)
{
    /// <summary>Why it disconnected; null while it is connected.</summary>
    public string? Reason { get; init; }

    /// <summary>Where it connected from, the last time it did; null when no event told.</summary>
    public string? Address { get; init; }

    /// <summary>Its certificate, or the caller behind another credential.</summary>
    public string? Principal { get; init; }
}
