using IotOps.Shared;
using ZstdSharp;

namespace IotOps.Archive.Decoding;

/// <summary>A library's decoder, whose complaints about its input become those of damaged objects.</summary>
internal sealed class DecoderStream(Stream decoder, string name) : ReadOnlyStream
{
    /// <exception cref="InvalidDataException">The source is damaged, or cut off.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            return await decoder.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is ZstdException or EndOfStreamException or InvalidDataException)
        {
            throw new InvalidDataException($"The {name} data cannot be read: {e.Message}", e);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            decoder.Dispose();
        }

        base.Dispose(disposing);
    }
}
