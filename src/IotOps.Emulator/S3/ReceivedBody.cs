using IotOps.Emulator.Checksums;
using IotOps.Emulator.Http;
using IotOps.Emulator.Signing;

namespace IotOps.Emulator.S3;

/// <summary>A body that arrived whole and passed every check that it came with.</summary>
/// <param name="Blob">Its bytes, without any framing.</param>
/// <param name="Md5">Their MD5.</param>
/// <param name="Checksum">The additional checksum it came with.</param>
internal sealed record ReceivedBody(Blob Blob, byte[] Md5, ObjectChecksum? Checksum)
{
    /// <summary>Reads and checks: payload hash or chunk signatures, announced length, Content-MD5, x-amz-checksum-* in header or trailer.</summary>
    /// <param name="call">The request.</param>
    /// <param name="blobs">Where the bytes go.</param>
    /// <param name="algorithm">Checksum to take even when the client sends none; null for none.</param>
    /// <exception cref="Refusal">A check failed; nothing is kept.</exception>
    public static async Task<ReceivedBody> ReadAsync(S3Call call, BlobStore blobs, string? algorithm = null)
    {
        bool isChunked = AwsChunkedReader.IsChunked(call.Signature.PayloadHash);
        long? announcedLength = isChunked ? DecodedLength(call) : call.Request.ContentLength;
        string? checksumName = ChecksumName(call) ?? algorithm;
        using var md5 = Checksums.Checksum.Create("md5");
        using Checksum? extra = checksumName is null ? null : Checksums.Checksum.Create(checksumName);
        using Checksum? payload = call.Signature.PayloadHash.Length == 64 ? Checksums.Checksum.Create("sha256") : null;
        using AwsChunkedReader? chunks = isChunked ? new AwsChunkedReader(call.Request.Body, call.Signature) : null;

        Blob blob = await blobs.CreateAsync(ReadAsync, call.Aborted).ConfigureAwait(false);
        try
        {
            return Check(call, blob, md5, extra, checksumName, payload, chunks, announcedLength);
        }
        catch
        {
            blob.Delete();
            throw;
        }

        async ValueTask<int> ReadAsync(Memory<byte> target, CancellationToken cancellationToken)
        {
            int count = chunks is null
                ? await call.Request.Body.ReadAsync(target, cancellationToken).ConfigureAwait(false)
                : await chunks.ReadAsync(target, cancellationToken).ConfigureAwait(false);
            ReadOnlySpan<byte> data = target.Span[..count];
            md5.Append(data);
            extra?.Append(data);
            payload?.Append(data);
            return count;
        }
    }

    private static ReceivedBody Check(
        S3Call call, Blob blob, Checksum md5, Checksum? extra, string? checksumName, Checksum? payload, AwsChunkedReader? chunks, long? announcedLength)
    {
        if (announcedLength is { } length && length != blob.Length)
        {
            throw new Refusal(400, "IncompleteBody", "You did not provide the number of bytes specified by the Content-Length HTTP header");
        }

        if (payload is not null && Hex.Encode(payload.Finish()) is var hash && hash != call.Signature.PayloadHash)
        {
            throw new Refusal(400, "XAmzContentSHA256Mismatch", "The provided 'x-amz-content-sha256' header does not match what was computed.")
            {
                Details = [new("ClientComputedContentSHA256", call.Signature.PayloadHash), new("S3ComputedContentSHA256", hash)],
            };
        }

        byte[] md5Value = md5.Finish();
        CheckMd5(call.Header("Content-MD5"), md5Value);
        if (extra is null)
        {
            return new ReceivedBody(blob, md5Value, null);
        }

        string calculated = Convert.ToBase64String(extra.Finish());
        CheckSent(call, chunks, checksumName!, calculated);
        return new ReceivedBody(blob, md5Value, new ObjectChecksum(checksumName!, calculated, IsComposite: false));
    }

    private static void CheckSent(S3Call call, AwsChunkedReader? chunks, string name, string calculated)
    {
        string header = $"x-amz-checksum-{name}";
        string? sent = call.Header(header);
        if (call.Header("x-amz-trailer") is { } announced && announced.Contains(header, StringComparison.OrdinalIgnoreCase))
        {
            sent = chunks?.Trailer.GetValueOrDefault(header)
                ?? throw new Refusal(400, "MalformedTrailerError", "The request contained trailing data that was not well-formed or did not conform to our published schema.");
        }

        if (sent is not null && sent != calculated)
        {
            throw new Refusal(400, "BadDigest", $"The {name.ToUpperInvariant()} you specified did not match the calculated checksum.");
        }
    }

    private static void CheckMd5(string? sent, byte[] calculated)
    {
        if (sent is null)
        {
            return;
        }

        Span<byte> decoded = stackalloc byte[16];
        if (!Convert.TryFromBase64String(sent, decoded, out int written) || written != 16)
        {
            throw new Refusal(400, "InvalidDigest", "The Content-MD5 you specified was invalid.") { Details = [new("Content-MD5", sent)] };
        }

        if (!decoded.SequenceEqual(calculated))
        {
            throw new Refusal(400, "BadDigest", "The Content-MD5 you specified did not match what we received.")
            {
                Details = [new("ExpectedDigest", sent), new("CalculatedDigest", Convert.ToBase64String(calculated))],
            };
        }
    }

    // The header or trailer that carries a value names the algorithm better than the hints of an SDK do.
    private static string? ChecksumName(S3Call call)
    {
        string trailer = call.Header("x-amz-trailer") ?? "";
        foreach (string name in Checksums.Checksum.Names)
        {
            if (call.Header($"x-amz-checksum-{name}") is not null
                || string.Equals(trailer.Trim(), $"x-amz-checksum-{name}", StringComparison.OrdinalIgnoreCase))
            {
                return name;
            }
        }

        return null;
    }

    private static long DecodedLength(S3Call call) =>
        long.TryParse(call.Header("x-amz-decoded-content-length"), out long length)
            ? length
            : throw new Refusal(411, "MissingContentLength", "You must provide the Content-Length HTTP header.");
}
