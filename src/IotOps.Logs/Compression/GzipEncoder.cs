using System.Buffers.Binary;
using IotOps.Shared;

namespace IotOps.Logs.Compression;

/// <summary>
/// A gzip stream (RFC 1951 and 1952) tuned for log lines: as small as the runtime's zlib-ng at level 2, in about three quarters of its time
/// (benchmarks/README.md). Takes about 400 kB, whatever the length of the stream. Used again and again, one stream at a time.
/// </summary>
/// <remarks>Little-endian processors only: every one that .NET runs on devices. Compressing is two fifths of all the time of shipping a line.</remarks>
internal sealed unsafe class GzipEncoder
{
    private const int Room = sizeof(ulong);

    // No symbol takes more than 14 bits; a block's header less than 400 bytes.
    private const int MaxBlockOutput = (BlockTokens.MaxBlock * 2) + 512;

    private readonly BlockTokens _block = new();
    private readonly BlockHeader _header = new();
    private readonly byte[] _buffer = new byte[BlockTokens.Window + BlockTokens.MaxBlock + Room];
    private readonly byte[] _output = new byte[MaxBlockOutput];
    private readonly ulong[] _literalBits = new ulong[256];
    private readonly ulong[] _lengthBits = new ulong[259];
    private readonly ulong[] _distanceBits = new ulong[30];
    private Stream _body = Stream.Null;
    private BitWriter _bits;
    private int _start;
    private int _end;
    private int _offset;
    private uint _crc;

    /// <summary>Begins a stream.</summary>
    public void Begin(Stream body)
    {
        _body = body;
        _bits = default;
        _start = _end = _offset = 0;
        _crc = 0;
        _block.Reset();

        // Deflate, no flags, no time, fastest, unknown system.
        _body.Write([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 4, 255]);
    }

    /// <summary>Adds bytes.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        _crc = Crc32.Append(_crc, bytes);
        while (!bytes.IsEmpty)
        {
            int taken = Math.Min(bytes.Length, _start + BlockTokens.MaxBlock - _end);
            bytes[..taken].CopyTo(_buffer.AsSpan(_end));
            _end += taken;
            bytes = bytes[taken..];
            if (_end - _start == BlockTokens.MaxBlock)
            {
                WriteBlock(final: false);
                Slide();
            }
        }
    }

    /// <summary>Ends the stream; the body is the caller's.</summary>
    public void Finish()
    {
        long length = _offset + (long)_end;
        WriteBlock(final: true);
        Span<byte> trailer = stackalloc byte[8];
        BinaryPrimitives.WriteUInt32LittleEndian(trailer, _crc);
        BinaryPrimitives.WriteUInt32LittleEndian(trailer[4..], (uint)length);
        _body.Write(trailer);
        _body = Stream.Null;
    }

    // The window's worth of bytes before the next block moves to the front; positions in the stream stay what they are.
    private void Slide()
    {
        int gone = Math.Max(0, _end - BlockTokens.Window);
        _buffer.AsSpan(gone, _end - gone).CopyTo(_buffer);
        _offset += gone;
        _end -= gone;
        _start = _end;
    }

    private void WriteBlock(bool final)
    {
        _block.Read(_buffer, _start, _end, _offset);
        _block.Literals.Build();
        _block.Distances.Build();
        _bits.Begin(_output);
        _header.Write(ref _bits, _block.Literals, _block.Distances, final);
        WriteTokens();
        _bits.Put(_block.Literals.Codes[DeflateSymbols.EndOfBlock], _block.Literals.Lengths[DeflateSymbols.EndOfBlock]);
        if (final)
        {
            _bits.Align();
        }

        _body.Write(_output.AsSpan(0, _bits.Length));
    }

    // The bits' state stays in registers here, which BitWriter's does not: this loop takes a third of the time of compressing.
    private void WriteTokens()
    {
        FillBits();
        ReadOnlySpan<uint> tokens = _block.Tokens;
        fixed (uint* first = tokens)
        fixed (ulong* literals = _literalBits)
        fixed (ulong* lengths = _lengthBits)
        fixed (ulong* distances = _distanceBits)
        fixed (byte* output = _output)
        {
            uint* end = first + tokens.Length;
            byte* at = output + _bits.Length;
            ulong waiting = _bits.Waiting;
            int count = _bits.Count;
            for (uint* next = first; next < end; next++)
            {
                uint token = *next;
                if ((token & BlockTokens.Match) == 0)
                {
                    ulong literal = literals[token];
                    waiting |= (ulong)(uint)literal << count;
                    count += (int)(literal >> 32);
                }
                else
                {
                    ulong length = lengths[(token >> 20) & 0x1FF];
                    ulong distance = distances[(token >> 15) & 0x1F];
                    ulong extra = (token & 0x7FFF) - ((uint)distance >> 16);
                    ulong code = (distance & 0xFFFF) | (extra << ((int)(distance >> 32) & 0x1F));
                    int lengthCount = (int)(length >> 32);
                    waiting |= ((uint)length | (code << lengthCount)) << count;
                    count += lengthCount + (int)(distance >> 40);
                }

                *(ulong*)at = waiting;
                at += count >> 3;
                waiting >>= count & 0x38;
                count &= 7;
            }

            _bits.Resume((int)(at - output), waiting, count);
        }
    }

    // For each literal, length and distance its code, and how many bits it has with its extra bits. A distance's entry also holds the
    // lowest distance of its symbol, less one, and where the extra bits begin.
    private void FillBits()
    {
        HuffmanCode literals = _block.Literals;
        HuffmanCode distances = _block.Distances;
        for (int value = 0; value < _literalBits.Length; value++)
        {
            _literalBits[value] = literals.Codes[value] | ((ulong)literals.Lengths[value] << 32);
        }

        for (int length = 3; length < _lengthBits.Length; length++)
        {
            int symbol = DeflateSymbols.OfLength[length];
            int codeBits = literals.Lengths[symbol];
            uint bits = literals.Codes[symbol] | ((uint)(length - DeflateSymbols.LengthBase(symbol)) << codeBits);
            _lengthBits[length] = bits | ((ulong)(codeBits + DeflateSymbols.LengthExtraBits(symbol)) << 32);
        }

        for (int symbol = 0; symbol < _distanceBits.Length; symbol++)
        {
            int extraBits = symbol < 4 ? 0 : (symbol >> 1) - 1;
            uint lowest = symbol < 4 ? (uint)symbol : (uint)(2 + (symbol & 1)) << extraBits;
            ulong codeBits = distances.Lengths[symbol];
            _distanceBits[symbol] = distances.Codes[symbol] | ((ulong)lowest << 16) | (codeBits << 32) | ((codeBits + (ulong)extraBits) << 40);
        }
    }
}
