namespace IotOps.Fleet;

/// <summary>What a validation found.</summary>
public sealed record DigestReport
{
    /// <summary>Everything that is wrong, in the order of the objects' keys; empty for a trail that is whole.</summary>
    public required IReadOnlyList<DigestProblem> Problems { get; init; }

    /// <summary>Hours without digests that are accounted for.</summary>
    public required IReadOnlyList<DigestGap> Gaps { get; init; }

    /// <summary>Valid digests, those of backfills included.</summary>
    public required long Digests { get; init; }

    /// <summary>Log files whose content is what their digest says.</summary>
    public required long Logs { get; init; }

    /// <summary>Their uncompressed bytes.</summary>
    public required long LogBytes { get; init; }

    /// <summary>Log files that were delivered after the newest digest, so that the next one will list them.</summary>
    public required long NotYetListed { get; init; }

    /// <summary>Whether there were digests, and nothing is wrong.</summary>
    public bool IsValid => Problems.Count == 0 && Digests > 0;
}
