using IotOps.Detect.Evidence;

namespace IotOps.Detect;

/// <summary>Checks evidence bundles, offline.</summary>
public static class EvidenceBundle
{
    /// <summary>
    /// Holds each file against the manifest, the manifest against its hash, and the order; and the whole against a seal, where one is given: without it a
    /// bundle that somebody has made again from changed files is not found. Files are streamed; the zip's directory and the manifest are in memory.
    /// </summary>
    /// <param name="bundle">The zip; it can be sought in, and stays the caller's.</param>
    /// <param name="seal">What was kept of the bundle when it was made; an empty hash or a negative length is not compared. Null for nothing.</param>
    /// <param name="cancellationToken">Ends the check.</param>
    /// <exception cref="ArgumentException">The stream cannot be sought in.</exception>
    /// <exception cref="IOException">The disk refused.</exception>
    public static Task<EvidenceVerdict> VerifyAsync(Stream bundle, EvidenceSeal? seal = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        return bundle.CanSeek
            ? new BundleCheck(bundle, seal).RunAsync(cancellationToken)
            : throw new ArgumentException("A bundle is checked on a stream that can be sought in, such as a file.", nameof(bundle));
    }
}
