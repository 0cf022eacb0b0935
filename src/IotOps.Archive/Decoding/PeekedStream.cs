using System.Buffers;
using System.Runtime.ExceptionServices;
using IotOps.Shared;

namespace IotOps.Archive.Decoding;

/// <summary>A stream whose first bytes can be looked at before they are read. Disposing it leaves the source alone.</summary>
internal sealed class PeekedStream(Stream source) : ReadOnlyStream
{
    private byte[] _held = [];
    private int _taken;
    private int _length;
    private bool _isWhole;
    private ExceptionDispatchInfo? _fault;

    /// <summary>True when what was peeked last is all that there is, or all that could be had.</summary>
    public bool IsWhole => _isWhole || _fault is not null;

    /// <summary>The bytes that are read next: so many, fewer only at the end. Valid until the next call.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> PeekAsync(int count, CancellationToken cancellationToken)
    {
        Grow(count);
        while (_length < count && !IsWhole)
        {
            try
            {
                int read = await source.ReadAsync(_held.AsMemory(_length), cancellationToken).ConfigureAwait(false);
                _length += read;
                _isWhole = read == 0;
            }
            catch (Exception e) when (_length > 0 && e is not OperationCanceledException)
            {
                // What came before it is good, and read first.
                _fault = ExceptionDispatchInfo.Capture(e);
            }
        }

        return _held.AsMemory(0, _length);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_taken < _length)
        {
            int count = Math.Min(buffer.Length, _length - _taken);
            _held.AsMemory(_taken, count).CopyTo(buffer);
            _taken += count;
            return count;
        }

        _fault?.Throw();
        return _isWhole ? 0 : await source.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && _held.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_held);
            _held = [];
            (_taken, _length) = (0, 0);
        }

        base.Dispose(disposing);
    }

    private void Grow(int count)
    {
        if (_held.Length < count)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(count);
            _held.AsSpan(0, _length).CopyTo(larger);
            if (_held.Length > 0)
            {
                ArrayPool<byte>.Shared.Return(_held);
            }

            _held = larger;
        }
    }
}
