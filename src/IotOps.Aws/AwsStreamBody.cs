namespace IotOps.Aws;

/// <summary>A body too large for memory: opened anew for every attempt, read once from start to end, then disposed.</summary>
/// <param name="Open">Opens the body at its start.</param>
/// <param name="Length">Its length in bytes, exactly: a stream that ends before fails the call, what comes after is not read.</param>
/// <remarks>
/// An <see cref="IOException"/> from the stream counts as a network error and is tried again; any other exception ends the
/// call and reaches the caller as it is.
/// </remarks>
public sealed record AwsStreamBody(Func<Stream> Open, long Length)
{
    /// <summary>
    /// SHA-256 of the body in lower-case hex. When null, S3 over https is sent
    /// <see cref="SigV4Request.UnsignedPayload"/>, and everything else is read once more to be hashed before it is sent.
    /// </summary>
    public string? Sha256 { get; init; }
}
