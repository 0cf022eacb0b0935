using System.IO.Compression;
using Microsoft.AspNetCore.Http;

namespace IotOps.Emulator.Http;

/// <summary>Reads whole request bodies of the services whose requests fit into memory.</summary>
internal static class RequestBody
{
    private const int DefaultCapacity = 16 << 10;

    /// <summary>The body as it came over the wire. Throws a 413 beyond <paramref name="limit"/> bytes.</summary>
    public static Task<PooledBuffer> ReadAsync(HttpRequest request, int limit, CancellationToken cancellationToken)
    {
        long announced = request.ContentLength ?? DefaultCapacity;
        if (announced > limit)
        {
            throw TooLarge(limit);
        }

        // One byte more than announced, so that the read that finds the end needs no larger array.
        return ReadToEndAsync(request.Body, (int)announced + 1, limit, cancellationToken);
    }

    /// <summary>The body without its gzip coding.</summary>
    public static async Task<PooledBuffer> GunzipAsync(PooledBuffer compressed, int limit, CancellationToken cancellationToken)
    {
        MemoryStream source = compressed.AsStream();
        await using (source.ConfigureAwait(false))
        {
            var gzip = new GZipStream(source, CompressionMode.Decompress);
            await using (gzip.ConfigureAwait(false))
            {
                try
                {
                    return await ReadToEndAsync(gzip, 2 << 20, limit, cancellationToken).ConfigureAwait(false);
                }
                catch (InvalidDataException e)
                {
                    throw new Refusal(400, "SerializationException", $"The body is not valid gzip: {e.Message}");
                }
            }
        }
    }

    private static async Task<PooledBuffer> ReadToEndAsync(Stream source, int capacity, int limit, CancellationToken cancellationToken)
    {
        var buffer = new PooledBuffer(capacity);
        try
        {
            int read;
            while ((read = await source.ReadAsync(buffer.GetMemory(), cancellationToken).ConfigureAwait(false)) > 0)
            {
                buffer.Advance(read);
                if (buffer.Length > limit)
                {
                    throw TooLarge(limit);
                }
            }

            return buffer;
        }
        catch
        {
            buffer.Dispose();
            throw;
        }
    }

    private static Refusal TooLarge(int limit) =>
        new(413, "RequestEntityTooLargeException", $"The request body exceeds {limit} bytes.");
}
