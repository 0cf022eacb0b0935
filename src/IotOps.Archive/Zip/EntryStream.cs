using IotOps.Shared;

namespace IotOps.Archive.Zip;

/// <summary>
/// The open entry of a writer as a stream. A flush of it does nothing, because it would end a block early: <see cref="ZipStreamWriter.FlushAsync"/> does
/// that on purpose.
/// </summary>
internal sealed class EntryStream(ZipStreamWriter writer) : WriteOnlyStream
{
    private bool _closed;

    public override bool CanWrite => !_closed;

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        return writer.WriteAsync(buffer, cancellationToken);
    }

    public override async ValueTask DisposeAsync()
    {
        if (!_closed)
        {
            _closed = true;
            await writer.CloseEntryAsync().ConfigureAwait(false);
        }

        await base.DisposeAsync().ConfigureAwait(false);
    }
}
