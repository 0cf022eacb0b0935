namespace IotOps.Mqtt.Publishing;

/// <summary>A packet with an id that the broker has not answered yet.</summary>
internal abstract class PendingReply
{
    /// <summary>Later than any time stamp.</summary>
    public const long NotSent = long.MaxValue;

    public ushort PacketId { get; set; }

    /// <summary>When it left last, as a time stamp, as far as that is known; <see cref="NotSent"/> while it has an id and waits for its turn on this connection.</summary>
    public long SentAt { get; set; }

    /// <summary>The write of that connection that it was part of.</summary>
    public long Write { get; set; }

    /// <summary>Its place among the packets of the connection it was sent on last.</summary>
    public long Order { get; set; }
}
