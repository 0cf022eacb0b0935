namespace IotOps.Emulator;

/// <summary>What goes wrong with an operation, how, and how often. Give it to <see cref="FaultInjector.Add"/>.</summary>
/// <remarks>
/// Signatures are checked first: a request that would be refused anyway is refused for its own reason and counts as
/// no hit. <see cref="Delay"/> combines with the others; of the others the first that is set, in the order they stand
/// here, happens.
/// </remarks>
public sealed record Fault
{
    /// <summary>The API operation, for example <c>PutLogEvents</c>, <c>UploadPart</c> or <c>GetObject</c>; <c>*</c> is every one.</summary>
    public required string Operation { get; init; }

    /// <summary>Which of the operation's requests; null is all of them.</summary>
    public Func<FaultRequest, bool>? When { get; init; }

    /// <summary>Hits the nth, 2nth, 3nth... of the requests that <see cref="When"/> lets through; 1 hits all.</summary>
    public int Every { get; init; } = 1;

    /// <summary>How many requests are hit before the fault is spent; null is no end.</summary>
    public int? Times { get; init; }

    /// <summary>Time the answer is held back, on the emulator's clock.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>The connection is cut and the request has no effect.</summary>
    public bool DropBeforeAccepting { get; init; }

    /// <summary>The HTTP status to answer with; the request has no effect.</summary>
    public int? Status { get; init; }

    /// <summary>The error code that goes with <see cref="Status"/>; null takes one that fits it.</summary>
    public string? Code { get; init; }

    /// <summary>The message that goes with <see cref="Status"/>.</summary>
    public string Message { get; init; } = "Injected fault.";

    /// <summary>Sent as a Retry-After header, in whole seconds, with <see cref="Status"/>.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The request takes effect, then the connection is cut without an answer.</summary>
    public bool DropAfterAccepting { get; init; }

    /// <summary>The request takes effect and the answer announces its full length, but the connection is cut after so many bytes of the body.</summary>
    public long? TruncateBodyAt { get; init; }
}
