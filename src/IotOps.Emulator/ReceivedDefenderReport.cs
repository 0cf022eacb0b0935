namespace IotOps.Emulator;

/// <summary>A metrics report that reached Device Defender.</summary>
public sealed record ReceivedDefenderReport
{
    /// <summary>Thing that the topic named.</summary>
    public required string ThingName { get; init; }

    /// <summary><c>json</c> or <c>cbor</c>.</summary>
    public required string Format { get; init; }

    /// <summary>The report as it came.</summary>
    public required ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>The report as JSON, transcoded when it came as CBOR; null when it cannot be read.</summary>
    public string? Json { get; init; }

    /// <summary>Its report id; null when it was rejected for its form.</summary>
    public long? ReportId { get; init; }

    /// <summary>The code it was rejected with, an injected fault's included; null when it was accepted.</summary>
    public string? ErrorCode { get; init; }

    /// <summary>When, on the emulator's clock.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }
}
