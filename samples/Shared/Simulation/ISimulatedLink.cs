namespace IotOps.Samples.Simulation;

/// <summary>Takes simulated devices to a broker.</summary>
public interface ISimulatedLink
{
    /// <summary>Connects a device; over when the broker let it in.</summary>
    Task ConnectAsync(string device, string principal, CancellationToken cancellationToken);

    /// <summary>Ends a device's connection, as a network does that is gone, or with a farewell.</summary>
    Task DisconnectAsync(string device, bool isCut);

    /// <summary>Publishes for a device; over when the broker has it.</summary>
    Task PublishAsync(string device, string topic, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken);
}
