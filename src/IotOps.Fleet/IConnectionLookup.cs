namespace IotOps.Fleet;

/// <summary>Asks whether a client is connected now.</summary>
public interface IConnectionLookup
{
    /// <summary>Whether it is connected; null when nobody knows.</summary>
    Task<bool?> IsConnectedAsync(string clientId, CancellationToken cancellationToken);
}
