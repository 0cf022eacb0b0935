using System.Buffers;
using System.Runtime.ExceptionServices;

namespace IotOps.Shared;

/// <summary>The plain bytes of a gzip source that <see cref="GzipMembers"/> finds good. Read asynchronously; the source stays open.</summary>
internal sealed class GunzipStream : ReadOnlyStream
{
    // Deflate makes up to a thousand bytes of one, and all that a read makes is kept until it is taken.
    private const int ReadBytes = 16 << 10;

    private readonly ArrayBufferWriter<byte> _plain;
    private readonly GzipMembers _members;
    private ExceptionDispatchInfo? _fault;
    private int _taken;
    private bool _hasBegun;

    /// <param name="source">One or more members.</param>
    /// <param name="inflater">Writes to <paramref name="plain"/>; this stream's alone as long as it is read.</param>
    /// <param name="plain">Holds the plain bytes of one read.</param>
    public GunzipStream(Stream source, Inflater inflater, ArrayBufferWriter<byte> plain)
    {
        plain.ResetWrittenCount();
        _plain = plain;
        _members = new GzipMembers(source, inflater, ReadBytes);
    }

    /// <exception cref="InvalidDataException">The source is bad; what came before was good.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_taken == _plain.WrittenCount)
        {
            _plain.ResetWrittenCount();
            _taken = 0;
            _fault?.Throw();
            if (_members.IsWhole)
            {
                return 0;
            }

            await FillAsync(cancellationToken).ConfigureAwait(false);
        }

        int count = Math.Min(buffer.Length, _plain.WrittenCount - _taken);
        _plain.WrittenMemory.Slice(_taken, count).CopyTo(buffer);
        _taken += count;
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _members.Dispose();
        }

        base.Dispose(disposing);
    }

    private async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        try
        {
            _members.Drop(_members.At);
            await _members.ReadAsync(int.MaxValue - Inflater.Padding, cancellationToken).ConfigureAwait(false);
            Inflate();
            _hasBegun |= _plain.WrittenCount > 0;
        }
        catch (Exception e) when ((_hasBegun || _plain.WrittenCount > 0) && e is not OperationCanceledException)
        {
            _fault = ExceptionDispatchInfo.Capture(e);
        }
    }

    private void Inflate()
    {
        try
        {
            while (_members.Next() is not GzipEvent.NeedsMore)
            {
            }
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"{e.Message} {_members.PlainBytes} plain bytes come before.", e);
        }
    }
}
