namespace IotOps.Emulator;

/// <summary>A message that a client published, over MQTT or HTTPS, and that the broker accepted.</summary>
public sealed record ReceivedMessage
{
    /// <summary>Where to; a topic alias is resolved.</summary>
    public required string Topic { get; init; }

    /// <summary>Its bytes.</summary>
    public required ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>Who published it; null for HTTPS.</summary>
    public string? ClientId { get; init; }

    /// <summary>0 or 1.</summary>
    public required int QoS { get; init; }

    /// <summary>Whether the client asked to keep it.</summary>
    public bool Retain { get; init; }

    /// <summary>Whether the client said that it is sent again.</summary>
    public bool Duplicate { get; init; }

    /// <summary>The packet id it came with; 0 with QoS 0 and over HTTPS.</summary>
    public int PacketId { get; init; }

    /// <summary>When, on the emulator's clock.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>The payload as UTF-8.</summary>
    public string Text => System.Text.Encoding.UTF8.GetString(Payload.Span);
}
