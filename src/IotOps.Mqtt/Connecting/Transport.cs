namespace IotOps.Mqtt.Connecting;

/// <summary>A byte stream to the broker, and how to end it at once, whoever reads or writes.</summary>
/// <param name="stream">The stream.</param>
/// <param name="abort">Ends it.</param>
/// <param name="meter">How far written bytes have come; null where that is not known.</param>
internal sealed class Transport(Stream stream, Action abort, ISendMeter? meter = null)
{
    public Stream Stream { get; } = stream;

    public ISendMeter? Meter { get; } = meter;

    public void Abort() => abort();
}
