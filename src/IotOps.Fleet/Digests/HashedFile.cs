using IotOps.Fleet.Trail;

namespace IotOps.Fleet.Digests;

/// <summary>What the gzip of a file came to.</summary>
/// <param name="Hash">SHA-256 of the first member's content; null when it is no gzip.</param>
/// <param name="Damage">What is wrong with the first member; null when nothing is.</param>
/// <param name="Tail">What follows it.</param>
internal sealed record HashedFile(string? Hash, string? Damage, GzipTail Tail)
{
    /// <summary>What is wrong with the file's shape, whatever its content.</summary>
    public (DigestProblemReason Reason, string Detail)? ShapeProblem => (Hash, Tail) switch
    {
        (null, _) => (DigestProblemReason.NotGzip, $"the file is no gzip: {Damage}"),
        (_, GzipTail.Member) => (DigestProblemReason.ExtraGzipMember, "a second gzip member follows, which CloudTrail never writes"),
        (_, GzipTail.Garbage) => (DigestProblemReason.TrailingGarbage, "bytes follow the gzip"),
        _ => null,
    };
}
