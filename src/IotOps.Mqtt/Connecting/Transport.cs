namespace IotOps.Mqtt.Connecting;

/// <summary>A byte stream to the broker, and how to end it at once, whoever reads or writes.</summary>
internal sealed class Transport(Stream stream, Action abort)
{
    public Stream Stream { get; } = stream;

    public void Abort() => abort();
}
