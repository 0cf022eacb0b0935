namespace IotOps.Emulator;

/// <summary>One PutLogEvents call that reached the emulator with a good signature and a readable body.</summary>
public sealed record PutLogEventsCall
{
    /// <summary>Log group as asked for.</summary>
    public required string LogGroup { get; init; }

    /// <summary>Log stream as asked for.</summary>
    public required string LogStream { get; init; }

    /// <summary>Events in the batch.</summary>
    public required int Events { get; init; }

    /// <summary>Events accepted; the rest were too old, expired or too new, or the call failed.</summary>
    public int AcceptedEvents { get; init; }

    /// <summary>What the service counts towards 1,048,576: UTF-8 bytes of the messages and 26 for each.</summary>
    public required int BatchBytes { get; init; }

    /// <summary>Bytes of the body on the wire.</summary>
    public required int WireBytes { get; init; }

    /// <summary>What the call says its events are about; null when it says nothing.</summary>
    public LogEntity? Entity { get; init; }

    /// <summary>Whether the body was gzip-coded.</summary>
    public required bool IsGzip { get; init; }

    /// <summary>Code the call was refused with, an injected fault's included; null when it was accepted.</summary>
    public string? ErrorCode { get; init; }

    /// <summary>When it was received, on the emulator's clock.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }
}
