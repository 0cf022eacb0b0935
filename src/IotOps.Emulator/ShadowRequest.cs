namespace IotOps.Emulator;

/// <summary>One request to the shadow service, over MQTT or HTTPS.</summary>
public sealed record ShadowRequest
{
    /// <summary><c>GetThingShadow</c>, <c>UpdateThingShadow</c> or <c>DeleteThingShadow</c>.</summary>
    public required string Operation { get; init; }

    /// <summary>Thing asked for.</summary>
    public required string ThingName { get; init; }

    /// <summary>Shadow asked for; empty is the classic one.</summary>
    public required string ShadowName { get; init; }

    /// <summary>The request's bytes.</summary>
    public required ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>200, or the code it was refused with, an injected fault's included; 0 when a fault kept it from the service.</summary>
    public required int Status { get; init; }

    /// <summary>The shadow's version after it; 0 when it was refused.</summary>
    public long Version { get; init; }

    /// <summary>When, on the emulator's clock.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }
}
