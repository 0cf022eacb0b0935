namespace IotOps.Mqtt.Connecting;

/// <summary>How far the bytes of a connection have come on their way out.</summary>
internal interface ISendMeter
{
    /// <summary>Bytes that the operating system took.</summary>
    long Taken { get; }

    /// <summary>Of these the bytes that have left: the other end has them, where the system knows; never fewer than before.</summary>
    long Left { get; }
}
