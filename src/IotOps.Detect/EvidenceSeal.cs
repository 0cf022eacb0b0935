namespace IotOps.Detect;

/// <summary>
/// What proves later that a bundle is the one that was made: kept elsewhere, in a ticket or a signed mail. A bundle proves by itself only that its
/// files belong to its manifest; whoever makes another one makes a manifest for it.
/// </summary>
/// <param name="ManifestSha256">SHA-256 of <c>manifest.json</c>, in lower-case hexadecimal.</param>
/// <param name="BundleSha256">SHA-256 of the whole zip.</param>
/// <param name="Length">The zip's bytes.</param>
public sealed record EvidenceSeal(string ManifestSha256, string BundleSha256, long Length);
