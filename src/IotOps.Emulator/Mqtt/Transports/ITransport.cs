namespace IotOps.Emulator.Mqtt.Transports;

/// <summary>Bytes to and from one client.</summary>
internal interface ITransport
{
    TransportInfo Info { get; }

    Stream Stream { get; }

    /// <summary>Says that nothing more will be sent. Throws nothing that the client could cause.</summary>
    Task FinishAsync();

    /// <summary>Cuts the connection; reads and writes under way fail.</summary>
    void Abort();
}
