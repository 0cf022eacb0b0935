namespace IotOps.Slack;

/// <summary>Where accepted signatures are remembered for as long as they are fresh.</summary>
public interface ISlackReplayStore
{
    /// <summary>
    /// Remembers a signature, atomically: of several callers with the same one, in whatever processes share the store, exactly one
    /// gets true.
    /// </summary>
    /// <param name="signature">64 lower-case hexadecimal digits: safe in a file name or an object key.</param>
    /// <param name="expiresAt">From then on the signature is refused for its age, and may be forgotten.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>True when the signature is new. An exception reaches the caller of the verifier, and the request is not accepted.</returns>
    ValueTask<bool> TryRememberAsync(string signature, DateTimeOffset expiresAt, CancellationToken cancellationToken = default);
}
