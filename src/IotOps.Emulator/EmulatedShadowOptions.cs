namespace IotOps.Emulator;

/// <summary>The quotas of the shadow service; see https://docs.aws.amazon.com/general/latest/gr/iot-core.html#device-shadow-limits.</summary>
public sealed record EmulatedShadowOptions
{
    /// <summary>UTF-8 bytes of the desired and the reported state together, without metadata; AWS raises it up to 30,720 on request. 8 KiB by default.</summary>
    public int MaxDocumentBytes { get; init; } = 8_192;

    /// <summary>Levels of objects and arrays below desired or reported. AWS's pages say 6 in one place and 8 in another.</summary>
    public int MaxDepth { get; init; } = 6;

    /// <summary>
    /// Requests of one connection that may be unanswered; more are refused with 429. AWS allows 10; null, the default, any number.
    /// Answers come at once unless a <see cref="Fault"/> holds them back.
    /// </summary>
    public int? MaxRequestsInFlight { get; init; }

    /// <summary>Requests for one thing in a second; more are refused with 429. AWS allows 20; null, the default, any number.</summary>
    public int? MaxRequestsPerSecond { get; init; }
}
