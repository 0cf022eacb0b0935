using System.Buffers;
using System.Buffers.Binary;
using IotOps.Shared;
using Snappier;

namespace IotOps.Archive.Decoding;

/// <summary>
/// Snappy in blocks with their lengths before them: Hadoop's (the plain length of a block, then pieces until it is full) and snappy-java's (a header of
/// 16 bytes, then pieces). Lengths have 32 bits, the highest first. The source stays open.
/// </summary>
internal sealed class SnappyBlocks(Stream source, bool isHadoop) : ReadOnlyStream
{
    private const int LargestPiece = 64 << 20;
    private const int JavaHeaderBytes = 16;

    private readonly byte[] _number = new byte[4];
    private byte[] _plain = [];
    private int _taken;
    private int _length;
    private long _leftInBlock;
    private bool _isBegun;

    /// <exception cref="InvalidDataException">The source is damaged, or cut off.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_taken == _length)
        {
            if (!await NextAsync(cancellationToken).ConfigureAwait(false))
            {
                return 0;
            }
        }

        int count = Math.Min(buffer.Length, _length - _taken);
        _plain.AsMemory(_taken, count).CopyTo(buffer);
        _taken += count;
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && _plain.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_plain);
            _plain = [];
            (_taken, _length) = (0, 0);
        }

        base.Dispose(disposing);
    }

    private async ValueTask<bool> NextAsync(CancellationToken cancellationToken)
    {
        if (!_isBegun && !isHadoop)
        {
            await source.ReadExactlyAsync(new byte[JavaHeaderBytes], cancellationToken).ConfigureAwait(false);
        }

        _isBegun = true;
        if (isHadoop && _leftInBlock == 0)
        {
            if (await LengthAsync(mayEnd: true, cancellationToken).ConfigureAwait(false) is not { } block)
            {
                return false;
            }

            _leftInBlock = block;
            _taken = _length = 0;
            return true;
        }

        if (await LengthAsync(mayEnd: !isHadoop, cancellationToken).ConfigureAwait(false) is not { } piece)
        {
            return false;
        }

        await ReadPieceAsync(piece, cancellationToken).ConfigureAwait(false);
        return true;
    }

    private async ValueTask ReadPieceAsync(int length, CancellationToken cancellationToken)
    {
        byte[] compressed = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            await source.ReadExactlyAsync(compressed.AsMemory(0, length), cancellationToken).ConfigureAwait(false);
            int plain = Snappy.GetUncompressedLength(compressed.AsSpan(0, length));
            if (plain is < 0 or > LargestPiece || (isHadoop && plain > _leftInBlock))
            {
                throw new InvalidDataException($"A piece of {plain} plain bytes cannot be in its block.");
            }

            if (_plain.Length < plain)
            {
                if (_plain.Length > 0)
                {
                    ArrayPool<byte>.Shared.Return(_plain);
                }

                _plain = ArrayPool<byte>.Shared.Rent(plain);
            }

            _taken = 0;
            _length = Snappy.Decompress(compressed.AsSpan(0, length), _plain);
            _leftInBlock -= _length;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(compressed);
        }
    }

    // Null where the source ends before it.
    private async ValueTask<int?> LengthAsync(bool mayEnd, CancellationToken cancellationToken)
    {
        int read = await source.ReadAtLeastAsync(_number, _number.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        if (read == 0 && mayEnd)
        {
            return null;
        }

        if (read < _number.Length)
        {
            throw new EndOfStreamException("It ends in the middle of a block.");
        }

        uint length = BinaryPrimitives.ReadUInt32BigEndian(_number);
        return length <= LargestPiece ? (int)length : throw new InvalidDataException($"A block of {length} bytes is more than the {LargestPiece} that are read.");
    }
}
