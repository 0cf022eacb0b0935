namespace IotOps.Samples.Simulation;

/// <summary>Something that a simulated device, or the cloud about it, says.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Time">When it happens.</param>
/// <param name="Device">The thing, which is also the client id.</param>
/// <param name="Topic">Where it is published; of an entry of the logs its log group.</param>
/// <param name="Payload">JSON.</param>
public sealed record SimulatedMessage(SimulatedMessageKind Kind, DateTimeOffset Time, string Device, string Topic, ReadOnlyMemory<byte> Payload)
{
    /// <summary>The certificate that the device shows, for Connected.</summary>
    public string? Principal { get; init; }

    /// <summary>Whether the connection ends without a DISCONNECT, for Disconnected.</summary>
    public bool IsCut { get; init; }

    /// <summary>Whether it is an event of <c>$aws/events/presence/</c>.</summary>
    public bool IsLifecycle => Kind is SimulatedMessageKind.Connected or SimulatedMessageKind.Disconnected or SimulatedMessageKind.ConnectFailed;
}
