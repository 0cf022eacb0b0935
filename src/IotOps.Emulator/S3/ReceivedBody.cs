using IotOps.Emulator.Checksums;
using IotOps.Emulator.Http;
using IotOps.Emulator.Signing;

namespace IotOps.Emulator.S3;

/// <summary>A body that arrived whole and passed every check that it came with.</summary>
/// <param name="Blob">Its bytes, without any framing.</param>
/// <param name="Md5">Their MD5.</param>
/// <param name="Checksum">The additional checksum it came with, or was to be summed by.</param>
internal sealed record ReceivedBody(Blob Blob, byte[] Md5, ObjectChecksum? Checksum)
{
    private const long MaxBytes = 5L << 30;

    /// <summary>Reads and checks: payload hash or chunk signatures, announced length, Content-MD5, and the announced checksum.</summary>
    /// <param name="call">The request.</param>
    /// <param name="blobs">Where the bytes go.</param>
    /// <param name="announced">What the request says of the body's checksum; null when it says nothing of it.</param>
    /// <param name="algorithm">Checksum to take when none is announced; null for none.</param>
    /// <exception cref="Refusal">A check failed; nothing is kept.</exception>
    public static async Task<ReceivedBody> ReadAsync(S3Call call, BlobStore blobs, AnnouncedChecksum? announced, string? algorithm = null)
    {
        bool isChunked = AwsChunkedReader.IsChunked(call.Signature.PayloadHash);
        long announcedLength = isChunked ? DecodedLength(call) : call.Request.ContentLength ?? 0;
        if (announcedLength > MaxBytes)
        {
            throw new Refusal(400, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size")
            {
                Details = [new("ProposedSize", announcedLength.ToString()), new("MaxSizeAllowed", MaxBytes.ToString())],
            };
        }

        algorithm = announced?.Algorithm ?? algorithm;
        using var md5 = Checksums.Checksum.Create("md5");
        using Checksum? extra = algorithm is null ? null : Checksums.Checksum.Create(algorithm);
        using Checksum? payload = call.Signature.PayloadHash.Length == 64 ? Checksums.Checksum.Create("sha256") : null;
        using AwsChunkedReader? chunks = isChunked ? new AwsChunkedReader(call.Request.Body, call.Signature) : null;
        long received = 0;

        Blob blob = await blobs.CreateAsync(ReadAsync, call.Aborted).ConfigureAwait(false);
        try
        {
            if (received != announcedLength)
            {
                throw Incomplete();
            }

            CheckPayload(call, payload);
            byte[] md5Value = md5.Finish();
            CheckMd5(call.Header("Content-MD5"), md5Value);
            if (extra is null)
            {
                return new ReceivedBody(blob, md5Value, null);
            }

            string calculated = Convert.ToBase64String(extra.Finish());
            announced?.Check(calculated, chunks);
            return new ReceivedBody(blob, md5Value, new ObjectChecksum(algorithm!, calculated, IsComposite: false));
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
            received += count;

            // Chunks may go on for ever; what is beyond the announced length is not even held for a moment.
            if (received > announcedLength)
            {
                throw Incomplete();
            }

            ReadOnlySpan<byte> data = target.Span[..count];
            md5.Append(data);
            extra?.Append(data);
            payload?.Append(data);
            return count;
        }
    }

    private static void CheckPayload(S3Call call, Checksum? payload)
    {
        if (payload is not null && Hex.Encode(payload.Finish()) is var hash && hash != call.Signature.PayloadHash)
        {
            throw new Refusal(400, "XAmzContentSHA256Mismatch", "The provided 'x-amz-content-sha256' header does not match what was computed.")
            {
                Details = [new("ClientComputedContentSHA256", call.Signature.PayloadHash), new("S3ComputedContentSHA256", hash)],
            };
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

    private static long DecodedLength(S3Call call) =>
        long.TryParse(call.Header("x-amz-decoded-content-length"), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out long length)
            ? length
            : throw new Refusal(411, "MissingContentLength", "You must provide the Content-Length HTTP header.");

    private static Refusal Incomplete() =>
        new(400, "IncompleteBody", "You did not provide the number of bytes specified by the Content-Length HTTP header");
}
