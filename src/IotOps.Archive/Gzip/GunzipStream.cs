using System.Buffers;

namespace IotOps.Archive.Gzip;

/// <summary>
/// The plain bytes of a gzip source, to which <see cref="GzipSplice"/> is as strict as to what it splices: .NET's GZipStream takes one that is cut off for
/// one that has ended. Read asynchronously; the source stays open.
/// </summary>
internal sealed class GunzipStream : Stream
{
    private readonly ArrayBufferWriter<byte> _plain;
    private readonly GzipSplice _members;
    private int _taken;

    /// <param name="source">One or more members.</param>
    /// <param name="inflater">Writes to <paramref name="plain"/>; this stream's alone as long as it is read.</param>
    /// <param name="plain">Holds what a little of the source makes.</param>
    public GunzipStream(Stream source, Inflater inflater, ArrayBufferWriter<byte> plain)
    {
        plain.ResetWrittenCount();
        _plain = plain;
        _members = new GzipSplice(source, inflater, heldBytes: 0);
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <exception cref="InvalidDataException">The source is bad; what came before was good.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_taken == _plain.WrittenCount)
        {
            _plain.ResetWrittenCount();
            _taken = 0;
            bool isMore = (await _members.NextAsync(cancellationToken).ConfigureAwait(false)).Count > 0;
            if (!isMore && _plain.WrittenCount == 0)
            {
                _members.Fault?.Throw();
                return 0;
            }
        }

        int count = Math.Min(buffer.Length, _plain.WrittenCount - _taken);
        _plain.WrittenMemory.Slice(_taken, count).CopyTo(buffer);
        _taken += count;
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read asynchronously.");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _members.Dispose();
        }

        base.Dispose(disposing);
    }
}
