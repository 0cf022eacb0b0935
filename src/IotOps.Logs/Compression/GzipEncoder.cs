using System.Buffers.Binary;

namespace IotOps.Logs.Compression;

/// <summary>
/// A gzip stream (RFC 1951 and 1952) tuned for log lines, faster than the system's zlib at its fastest. Takes about 400 kB, whatever the
/// length of the stream. Used again and again, one stream at a time.
/// </summary>
/// <remarks>Little-endian processors only: every one that .NET runs on devices. The system's zlib took two thirds of all the time of shipping a line.</remarks>
internal sealed class GzipEncoder
{
    private const int Room = sizeof(ulong);

    // No symbol takes more than 14 bits; a block's header less than 400 bytes.
    private const int MaxBlockOutput = (BlockTokens.MaxBlock * 2) + 512;

    // As many as a shipper has requests under way by default.
    private static readonly GzipEncoder?[] Spares = new GzipEncoder?[4];

    private readonly BlockTokens _block = new();
    private readonly BlockHeader _header = new();
    private readonly byte[] _buffer = new byte[BlockTokens.Window + BlockTokens.MaxBlock + Room];
    private readonly byte[] _output = new byte[MaxBlockOutput];
    private readonly ulong[] _lengthBits = new ulong[259];
    private Stream _body = Stream.Null;
    private BitWriter _bits;
    private int _start;
    private int _end;
    private int _offset;
    private uint _crc;

    /// <summary>An encoder: one that was given back, or a new one.</summary>
    public static GzipEncoder Rent()
    {
        for (int i = 0; i < Spares.Length; i++)
        {
            if (Interlocked.Exchange(ref Spares[i], null) is { } spare)
            {
                return spare;
            }
        }

        return new GzipEncoder();
    }

    /// <summary>Gives an encoder back after <see cref="Finish"/>. A few are kept, the rest go.</summary>
    public static void Return(GzipEncoder encoder)
    {
        for (int i = 0; i < Spares.Length; i++)
        {
            if (Interlocked.CompareExchange(ref Spares[i], encoder, null) is null)
            {
                return;
            }
        }
    }

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

    private void WriteTokens()
    {
        HuffmanCode literals = _block.Literals;
        HuffmanCode distances = _block.Distances;
        FillLengths(literals);
        ReadOnlySpan<ushort> literalCodes = literals.Codes;
        ReadOnlySpan<byte> literalLengths = literals.Lengths;
        ReadOnlySpan<ulong> lengthBits = _lengthBits;
        BitWriter bits = _bits;
        foreach (uint token in _block.Tokens)
        {
            if ((token & BlockTokens.Match) == 0)
            {
                bits.Put(literalCodes[(int)token], literalLengths[(int)token]);
                continue;
            }

            ulong entry = lengthBits[(int)((token >> 16) & 0x1FF)];
            int lessOne = (int)(token & 0x7FFF);
            int symbol = DeflateSymbols.OfDistance(lessOne);
            int extraBits = symbol < 4 ? 0 : (symbol >> 1) - 1;
            uint extra = (uint)lessOne & ((1u << extraBits) - 1);
            int count = (int)(entry >> 32);
            int codeBits = distances.Lengths[symbol];
            ulong value = (uint)entry | ((distances.Codes[symbol] | ((ulong)extra << codeBits)) << count);
            bits.Put(value, count + codeBits + extraBits);
        }

        _bits = bits;
    }

    // For each length its code, its extra bits, and how many they are together.
    private void FillLengths(HuffmanCode literals)
    {
        for (int length = 3; length < _lengthBits.Length; length++)
        {
            int symbol = DeflateSymbols.OfLength[length];
            int codeBits = literals.Lengths[symbol];
            uint bits = literals.Codes[symbol] | ((uint)(length - DeflateSymbols.LengthBase(symbol)) << codeBits);
            _lengthBits[length] = bits | ((ulong)(codeBits + DeflateSymbols.LengthExtraBits(symbol)) << 32);
        }
    }
}
