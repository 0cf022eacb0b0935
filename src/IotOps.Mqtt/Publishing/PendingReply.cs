namespace IotOps.Mqtt.Publishing;

/// <summary>A packet with an id that the broker has not answered yet.</summary>
internal abstract class PendingReply
{
    public ushort PacketId { get; set; }

    /// <summary>When it was sent last, as a time stamp.</summary>
    public long SentAt { get; set; }
}
