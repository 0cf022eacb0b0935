namespace IotOps.Slack;

/// <summary>Whose signatures are accepted, and for how long.</summary>
public sealed record SlackRequestVerifierOptions
{
    /// <summary>Signing secrets of the Slack app, at least one. During a rotation the old one and the new one, in any order.</summary>
    public required IReadOnlyList<string> SigningSecrets { get; init; }

    /// <summary>How far a request's time may be from now, in either direction. Slack recommends 5 minutes; at most 1 hour.</summary>
    public TimeSpan Tolerance { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Bytes that a body may have. Slack's own stay far below 64 KiB.</summary>
    public int MaxBodyBytes { get; init; } = 64 << 10;

    /// <summary>
    /// Remembers accepted signatures, so that a copied request is refused. Null is an <see cref="InMemorySlackReplayStore"/> of the
    /// verifier's own, which knows nothing of other processes.
    /// </summary>
    public ISlackReplayStore? ReplayStore { get; init; }

    /// <summary>Clock that requests are measured by.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Without the secrets.</summary>
    public override string ToString() => $"{SigningSecrets.Count} signing secrets, tolerance {Tolerance}";
}
