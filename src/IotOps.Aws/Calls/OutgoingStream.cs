using System.Buffers;
using System.Net;
using System.Security.Cryptography;

namespace IotOps.Aws.Calls;

/// <summary>An <see cref="AwsStreamBody"/> on its way out: a fixed length, through one rented buffer.</summary>
internal sealed class OutgoingStream(AwsStreamBody body) : HttpContent
{
    private const int BufferSize = 128 * 1024;

    /// <summary>SHA-256 of the whole body, read once.</summary>
    public static async ValueTask<string> HashAsync(AwsStreamBody body, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await ReadAsync(
            body,
            (bytes, _) =>
            {
                hash.AppendData(bytes.Span);
                return ValueTask.CompletedTask;
            },
            cancellationToken).ConfigureAwait(false);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        ReadAsync(body, stream.WriteAsync, cancellationToken);

    protected override bool TryComputeLength(out long length)
    {
        length = body.Length;
        return true;
    }

    private static async Task ReadAsync(
        AwsStreamBody body, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> take, CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        Stream source = body.Open();
        try
        {
            for (long left = body.Length; left > 0;)
            {
                int read = await source.ReadAsync(buffer.AsMemory(0, (int)Math.Min(left, buffer.Length)), cancellationToken).ConfigureAwait(false);
                if (read == 0)
                {
                    throw new InvalidDataException($"The body ended {left} bytes before its announced length of {body.Length}.");
                }

                await take(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
                left -= read;
            }
        }
        finally
        {
            await source.DisposeAsync().ConfigureAwait(false);
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
