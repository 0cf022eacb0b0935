using IotOps.Shared;

namespace IotOps.Logs.Upload;

/// <summary>A part's view of the file that counts what is read. A part that is sent again takes its earlier count back.</summary>
internal sealed class PartStream(Stream file, PartReading reading) : ReadOnlyStream
{
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int read = await file.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        reading.Count(read);
        return read;
    }

    public override int Read(Span<byte> buffer)
    {
        int read = file.Read(buffer);
        reading.Count(read);
        return read;
    }

    public override async ValueTask DisposeAsync()
    {
        await file.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            file.Dispose();
        }

        base.Dispose(disposing);
    }
}
