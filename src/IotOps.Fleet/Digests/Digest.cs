namespace IotOps.Fleet.Digests;

/// <summary>A digest that can be read.</summary>
internal sealed record Digest
{
    public required string Bucket { get; init; }

    public required string Key { get; init; }

    /// <summary>Where it says it was delivered.</summary>
    public required string OwnBucket { get; init; }

    public required string OwnKey { get; init; }

    public required string Fingerprint { get; init; }

    public required DateTimeOffset Start { get; init; }

    public required DateTimeOffset End { get; init; }

    /// <summary>As it is written: the signature is of this text.</summary>
    public required string EndText { get; init; }

    public required string? PreviousBucket { get; init; }

    public required string? PreviousKey { get; init; }

    public required string? PreviousSignature { get; init; }

    public required string? PreviousHash { get; init; }

    public required IReadOnlyList<DigestLog> Logs { get; init; }

    /// <summary>Of its uncompressed content: SHA-256, hexadecimal.</summary>
    public required string Hash { get; init; }

    /// <summary>Its signature, hexadecimal.</summary>
    public required string Signature { get; init; }

    /// <summary>When a backfill was made; null for others.</summary>
    public required DateTimeOffset? Generated { get; init; }
}
