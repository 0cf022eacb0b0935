using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using IotOps.Emulator.Http;

namespace IotOps.Emulator.Signing;

/// <summary>
/// Takes aws-chunked framing off a body, checking each chunk's signature and the trailer's on the way.
/// See https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html. Not thread-safe.
/// </summary>
internal sealed class AwsChunkedReader(Stream source, VerifiedSignature signature) : IDisposable
{
    private const int MaxLine = 8 << 10;
    private const int MinChunk = 8 << 10;
    private static readonly string EmptyHash = Hex.Sha256([]);

    private readonly bool _isSigned = signature.PayloadHash != PayloadHash.UnsignedChunksWithTrailer;
    private readonly bool _hasTrailer = signature.PayloadHash != PayloadHash.SignedChunks;
    private readonly IncrementalHash _chunkHash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _buffer = new byte[64 << 10];
    private string _previous = signature.Claim.Signature;
    private string? _announced;
    private int _start;
    private int _end;
    private long _left;
    private bool _inChunk;
    private bool _sawSmallChunk;
    private bool _ended;

    /// <summary>Trailing headers by lower-case name; complete once <see cref="ReadAsync"/> returned 0.</summary>
    public Dictionary<string, string> Trailer { get; } = new(StringComparer.Ordinal);

    public static bool IsChunked(string payloadHash) => payloadHash.StartsWith("STREAMING-", StringComparison.Ordinal);

    /// <summary>Reads decoded bytes; 0 is the end, with everything checked.</summary>
    /// <exception cref="Refusal">The framing is broken or a signature is wrong.</exception>
    public async ValueTask<int> ReadAsync(Memory<byte> target, CancellationToken cancellationToken)
    {
        while (!_ended)
        {
            if (!_inChunk)
            {
                await BeginChunkAsync(cancellationToken).ConfigureAwait(false);
                continue;
            }

            if (_left == 0)
            {
                await EndChunkAsync(cancellationToken).ConfigureAwait(false);
                continue;
            }

            if (_start == _end)
            {
                await FillAsync(cancellationToken).ConfigureAwait(false);
            }

            int count = (int)Math.Min(Math.Min(_left, _end - _start), target.Length);
            _buffer.AsMemory(_start, count).CopyTo(target);
            if (_isSigned)
            {
                _chunkHash.AppendData(_buffer, _start, count);
            }

            _start += count;
            _left -= count;
            return count;
        }

        return 0;
    }

    public void Dispose() => _chunkHash.Dispose();

    private async Task BeginChunkAsync(CancellationToken cancellationToken)
    {
        string line = await ReadLineAsync(cancellationToken).ConfigureAwait(false);
        string[] parts = line.Split(';');
        if (!long.TryParse(parts[0], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out _left) || _left < 0)
        {
            throw Incomplete($"'{line}' is no chunk header");
        }

        _announced = parts.Skip(1).FirstOrDefault(p => p.StartsWith("chunk-signature=", StringComparison.Ordinal))?["chunk-signature=".Length..];
        if (_isSigned && _announced is null)
        {
            throw Mismatch();
        }

        if (_left > 0)
        {
            if (_sawSmallChunk)
            {
                throw new Refusal(403, "InvalidChunkSizeError", "Only the last chunk is allowed to have a size less than 8192 bytes");
            }

            _sawSmallChunk = _left < MinChunk;
            _inChunk = true;
            return;
        }

        CheckChunk();
        await ReadTrailerAsync(cancellationToken).ConfigureAwait(false);
        _ended = true;
    }

    private async Task EndChunkAsync(CancellationToken cancellationToken)
    {
        if (await ReadLineAsync(cancellationToken).ConfigureAwait(false) is { Length: > 0 } rest)
        {
            throw Incomplete($"'{rest}' follows a chunk that should have ended");
        }

        CheckChunk();
        _inChunk = false;
    }

    private void CheckChunk()
    {
        if (_isSigned)
        {
            string hash = Hex.Encode(_chunkHash.GetHashAndReset());
            Check($"AWS4-HMAC-SHA256-PAYLOAD\n{signature.Claim.AmzDate}\n{signature.Claim.Scope}\n{_previous}\n{EmptyHash}\n{hash}", _announced!);
        }
    }

    private async Task ReadTrailerAsync(CancellationToken cancellationToken)
    {
        var canonical = new StringBuilder();
        string? trailerSignature = null;
        string line;
        while ((line = await ReadLineAsync(cancellationToken).ConfigureAwait(false)).Length > 0)
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            if (!_hasTrailer || colon < 1)
            {
                throw new Refusal(400, "MalformedTrailerError", "The request contained trailing data that was not well-formed or did not conform to our published schema.");
            }

            string name = line[..colon].Trim();
            string value = line[(colon + 1)..].Trim();
            if (name == "x-amz-trailer-signature")
            {
                trailerSignature = value;
                continue;
            }

            canonical.Append(name).Append(':').Append(value).Append('\n');
            Trailer[name] = value;
        }

        if (_isSigned && _hasTrailer)
        {
            string hash = Hex.Sha256(Encoding.UTF8.GetBytes(canonical.ToString()));
            Check($"AWS4-HMAC-SHA256-TRAILER\n{signature.Claim.AmzDate}\n{signature.Claim.Scope}\n{_previous}\n{hash}", trailerSignature ?? "");
        }
    }

    private void Check(string stringToSign, string announced)
    {
        string expected = Hex.Encode(HMACSHA256.HashData(signature.SigningKey, Encoding.UTF8.GetBytes(stringToSign)));
        if (!CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(expected), Encoding.UTF8.GetBytes(announced)))
        {
            throw Mismatch();
        }

        _previous = expected;
    }

    private async Task<string> ReadLineAsync(CancellationToken cancellationToken)
    {
        var line = new StringBuilder();
        while (true)
        {
            if (_start == _end)
            {
                await FillAsync(cancellationToken).ConfigureAwait(false);
            }

            int feed = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n');
            int count = feed < 0 ? _end - _start : feed;
            line.Append(Encoding.UTF8.GetString(_buffer, _start, count));
            if (line.Length > MaxLine)
            {
                throw Incomplete("a chunk header has no end");
            }

            _start += feed < 0 ? count : count + 1;
            if (feed >= 0)
            {
                return line.ToString().TrimEnd('\r');
            }
        }
    }

    private async Task FillAsync(CancellationToken cancellationToken)
    {
        _start = 0;
        _end = await source.ReadAsync(_buffer, cancellationToken).ConfigureAwait(false);
        if (_end == 0)
        {
            throw Incomplete("the body ended early");
        }
    }

    private static Refusal Incomplete(string why) =>
        new(400, "IncompleteBody", $"The request body terminated unexpectedly: {why}.");

    private static Refusal Mismatch() =>
        new(403, "SignatureDoesNotMatch", "The request signature we calculated does not match the signature you provided. Check your key and signing method.");
}
