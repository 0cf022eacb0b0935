using System.Security.Cryptography;
using System.Text;

namespace IotOps.Slack;

/// <summary>
/// Tells whether a request comes from Slack: HMAC-SHA256 over <c>v0:{timestamp}:{raw body}</c>, fresh, and not seen before. Thread-safe.
/// See https://docs.slack.dev/authentication/verifying-requests-from-slack.
/// </summary>
public sealed class SlackRequestVerifier
{
    // Twelve digits reach the year 33658; more would overflow on the way to milliseconds.
    private const int MaxTimestampDigits = 12;
    private static readonly TimeSpan MaxTolerance = TimeSpan.FromHours(1);

    private readonly byte[][] _secrets;
    private readonly TimeSpan _tolerance;
    private readonly int _maxBodyBytes;
    private readonly ISlackReplayStore _replays;
    private readonly TimeProvider _timeProvider;

    /// <summary>Takes the secrets; there is no verifier without one.</summary>
    /// <exception cref="ArgumentException">No secret, an empty one or one with white space at an end; a tolerance or size out of range. The message names no secret.</exception>
    public SlackRequestVerifier(SlackRequestVerifierOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _secrets = Secrets(options.SigningSecrets);
        if (options.Tolerance <= TimeSpan.Zero || options.Tolerance > MaxTolerance)
        {
            throw new ArgumentException($"The tolerance is above 0 and at most {MaxTolerance}, not {options.Tolerance}.", nameof(options));
        }

        if (options.MaxBodyBytes < 1)
        {
            throw new ArgumentException($"MaxBodyBytes is 1 or more, not {options.MaxBodyBytes}.", nameof(options));
        }

        _tolerance = options.Tolerance;
        _maxBodyBytes = options.MaxBodyBytes;
        _timeProvider = options.TimeProvider;
        _replays = options.ReplayStore ?? new InMemorySlackReplayStore(timeProvider: options.TimeProvider);
    }

    /// <summary>Checks one request.</summary>
    /// <param name="headers">The two headers; <see cref="SlackRequestHeaders"/> finds them.</param>
    /// <param name="body">The body as it came over the wire, undecoded. A host that gets it as base64 decodes that first.</param>
    /// <param name="cancellationToken">Ends a wait for the replay store.</param>
    /// <returns>Never an exception of its own: only the replay store may throw, and then nothing was accepted.</returns>
    public async ValueTask<SlackVerification> VerifyAsync(
        SlackRequestHeaders headers, ReadOnlyMemory<byte> body, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(headers);
        SlackVerification signed = VerifySignature(headers, body.Span, out string signature, out DateTimeOffset expiresAt);
        return SlackTelemetry.Count(signed != SlackVerification.Accepted
            ? signed
            // Only what Slack signed is remembered, so that others cannot fill the store.
            : await _replays.TryRememberAsync(signature, expiresAt, cancellationToken).ConfigureAwait(false)
                ? SlackVerification.Accepted
                : SlackVerification.Replayed);
    }

    /// <summary>
    /// Whether a form or a query string carries <c>ssl_check=1</c>. Slack sends that from time to time, also as a GET and unsigned;
    /// <see cref="VerifyAsync"/> knows it by the body.
    /// </summary>
    public static bool IsSslCheck(ReadOnlySpan<byte> form)
    {
        ReadOnlySpan<byte> field = "ssl_check=1"u8;
        for (int at = 0; ; at++)
        {
            int found = form[at..].IndexOf(field);
            if (found < 0)
            {
                return false;
            }

            at += found;
            int end = at + field.Length;
            if ((at == 0 || form[at - 1] is (byte)'&' or (byte)'?') && (end == form.Length || form[end] == '&'))
            {
                return true;
            }
        }
    }

    private SlackVerification VerifySignature(
        SlackRequestHeaders headers, ReadOnlySpan<byte> body, out string signature, out DateTimeOffset expiresAt)
    {
        signature = "";
        expiresAt = default;
        if (body.Length > _maxBodyBytes)
        {
            return SlackVerification.TooLarge;
        }

        if (IsSslCheck(body))
        {
            return SlackVerification.SslCheck;
        }

        // Freshness first: cheaper than a hash, and a hostile timestamp never reaches it.
        SlackVerification fresh = VerifyTimestamp(headers.Timestamp, out expiresAt);
        if (fresh != SlackVerification.Accepted)
        {
            return fresh;
        }

        Span<byte> claimed = stackalloc byte[SHA256.HashSizeInBytes];
        if (string.IsNullOrEmpty(headers.Signature))
        {
            return SlackVerification.MissingSignature;
        }

        if (!TryDecode(headers.Signature, claimed))
        {
            return SlackVerification.MalformedSignature;
        }

        // Every secret is tried whatever the first one said: how long it takes tells nothing.
        bool matches = false;
        Span<byte> actual = stackalloc byte[SHA256.HashSizeInBytes];
        foreach (byte[] secret in _secrets)
        {
            Sign(secret, headers.Timestamp!, body, actual);
            matches |= CryptographicOperations.FixedTimeEquals(actual, claimed);
        }

        // One spelling for the store: the same signature in capitals is the same request.
        signature = Convert.ToHexStringLower(claimed);
        return matches ? SlackVerification.Accepted : SlackVerification.WrongSignature;
    }

    private SlackVerification VerifyTimestamp(string? timestamp, out DateTimeOffset expiresAt)
    {
        expiresAt = default;
        if (string.IsNullOrEmpty(timestamp))
        {
            return SlackVerification.MissingTimestamp;
        }

        if (timestamp.Length > MaxTimestampDigits || timestamp.AsSpan().ContainsAnyExceptInRange('0', '9'))
        {
            return SlackVerification.MalformedTimestamp;
        }

        long milliseconds = long.Parse(timestamp) * 1000;
        DateTimeOffset now = _timeProvider.GetUtcNow();
        if (Math.Abs(now.ToUnixTimeMilliseconds() - milliseconds) > _tolerance.TotalMilliseconds)
        {
            return SlackVerification.Stale;
        }

        // A moment more than the tolerance: at its very end a request is still fresh.
        expiresAt = DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) + _tolerance + TimeSpan.FromSeconds(1);
        return SlackVerification.Accepted;
    }

    private static bool TryDecode(string signature, Span<byte> hash) =>
        signature.Length == 3 + (2 * hash.Length)
        && signature.StartsWith("v0=", StringComparison.Ordinal)
        && Convert.FromHexString(signature.AsSpan(3), hash, out _, out _) == System.Buffers.OperationStatus.Done;

    private static void Sign(byte[] secret, string timestamp, ReadOnlySpan<byte> body, Span<byte> hash)
    {
        Span<byte> prefix = stackalloc byte[4 + MaxTimestampDigits];
        "v0:"u8.CopyTo(prefix);
        int length = 3 + Encoding.ASCII.GetBytes(timestamp, prefix[3..]);
        prefix[length++] = (byte)':';
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret);
        hmac.AppendData(prefix[..length]);
        hmac.AppendData(body);
        hmac.GetHashAndReset(hash);
    }

    private static byte[][] Secrets(IReadOnlyList<string> secrets)
    {
        if (secrets is not { Count: > 0 })
        {
            throw new ArgumentException("No signing secret: without one every request would have to be refused. It is on the app's page under Basic Information.", nameof(secrets));
        }

        for (int i = 0; i < secrets.Count; i++)
        {
            if (string.IsNullOrWhiteSpace(secrets[i]) || secrets[i].Trim().Length != secrets[i].Length)
            {
                throw new ArgumentException($"Signing secret {i + 1} of {secrets.Count} is empty or has white space at an end.", nameof(secrets));
            }
        }

        return [.. secrets.Select(Encoding.UTF8.GetBytes)];
    }
}
