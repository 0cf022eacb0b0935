using System.Buffers;
using IotOps.Shared;

namespace IotOps.Archive.Deflate;

/// <summary>Gathers plain bytes until they are a block. In front of them lie those that go before, for matches to refer to.</summary>
internal sealed class BlockBuffer(int blockBytes) : IDisposable
{
    private byte[]? _buffer;
    private int _dictionary;
    private int _filled;

    public bool IsEmpty => _filled == 0;

    public bool IsFull => _filled == blockBytes;

    /// <summary>Adds what there is room for, and returns how much that was.</summary>
    public int Add(ReadOnlySpan<byte> bytes)
    {
        _buffer ??= Rent();
        int taken = Math.Min(bytes.Length, blockBytes - _filled);
        bytes[..taken].CopyTo(_buffer.AsSpan(_dictionary + _filled));
        _filled += taken;
        return taken;
    }

    /// <summary>Hands the block over and begins the next.</summary>
    /// <param name="profile">How hard it is compressed.</param>
    /// <param name="final">It ends its deflate stream.</param>
    /// <param name="continues">The next one follows it directly and may refer to it.</param>
    public DeflateBlock Take(DeflateProfile profile, bool final, bool continues)
    {
        byte[] taken = _buffer ?? [];
        var block = new DeflateBlock(taken, _dictionary, _filled, profile, final);
        _buffer = null;
        int end = _dictionary + _filled;
        _dictionary = 0;
        _filled = 0;
        if (continues && profile is DeflateProfile.Balanced or DeflateProfile.Smallest)
        {
            // Copied now, because the block gives its memory away as soon as it is compressed.
            _dictionary = Math.Min(end, DeflateSymbols.Window);
            _buffer = Rent();
            taken.AsSpan(end - _dictionary, _dictionary).CopyTo(_buffer);
        }

        return block;
    }

    public void Dispose()
    {
        if (_buffer is not null)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = null;
        }
    }

    private byte[] Rent() => ArrayPool<byte>.Shared.Rent(DeflateSymbols.Window + blockBytes);
}
