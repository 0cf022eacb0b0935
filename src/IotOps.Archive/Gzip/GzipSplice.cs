using System.Buffers.Binary;
using System.Runtime.ExceptionServices;
using IotOps.Archive.Checksums;

namespace IotOps.Archive.Gzip;

/// <summary>
/// A gzip source (RFC 1952) as deflate blocks that other blocks can follow: members lose their headers, trailers and the mark of their last block. It is
/// inflated on the way, so that what is handed out is known to be good. As much as may be held is looked at before the first of it is handed out; a fault
/// behind that ends the blocks where all was still good.
/// </summary>
internal sealed class GzipSplice(Stream source, Inflater inflater, int heldBytes) : IDisposable
{
    private const int TrailerBytes = 8;
    private const int LongestHeader = 1 << 20;

    // A member of nothing is left out when it is no longer.
    private const int LongestEmpty = 64 << 10;

    // What is inflated of a large read is still in the processor's cache; where the plain bytes are kept, a thousand times the read must fit.
    private readonly SpliceBuffer _held = new(heldBytes == 0 ? 16 << 10 : 256 << 10);
    private readonly List<Range> _pieces = [];
    private Step _step = Step.Header;
    private int _at;
    private int _blocks;
    private long _dropped;
    private long _memberStart;
    private bool _memberBegun;
    private bool _isWhole;

    // From then on what was looked at is handed out or, when it is nothing of the entry's, let go.
    private bool _isMoreThanHeld;
    private bool _hasBegun;

    private enum Step
    {
        Header,
        Blocks,
        Trailer,
        Behind,
        Zeros,
    }

    /// <summary>Gzip members, empty ones counted.</summary>
    public long Members { get; private set; } = 1;

    /// <summary>CRC-32 of the plain bytes handed out; right when the last piece is.</summary>
    public uint Crc { get; private set; }

    /// <summary>Plain bytes handed out.</summary>
    public long Length { get; private set; }

    /// <summary>Newlines among them.</summary>
    public long Lines { get; private set; }

    /// <summary>The last of them; -1 when there is none.</summary>
    public int LastByte { get; private set; } = -1;

    /// <summary>What made the source end early; to be thrown when the last piece is written.</summary>
    public ExceptionDispatchInfo? Fault { get; private set; }

    /// <summary>The next pieces, until the next call; empty at the end.</summary>
    /// <exception cref="InvalidDataException">The source is bad, and nothing was handed out.</exception>
    public async ValueTask<IReadOnlyList<ReadOnlyMemory<byte>>> NextAsync(CancellationToken cancellationToken)
    {
        while (!_isWhole && Fault is null)
        {
            if (_isMoreThanHeld)
            {
                Drop();
            }

            try
            {
                int most = _isMoreThanHeld ? int.MaxValue - Inflater.Padding : heldBytes + 1;
                _isWhole = !await _held.ReadAsync(source, most, cancellationToken).ConfigureAwait(false);
                Advance();
            }
            catch (Exception e) when (_hasBegun && e is not OperationCanceledException)
            {
                EndEarly(e);
            }

            _isMoreThanHeld |= _held.Length > heldBytes;
            if (_isMoreThanHeld || _isWhole)
            {
                IReadOnlyList<ReadOnlyMemory<byte>> pieces = Pieces();
                if (pieces.Count > 0)
                {
                    _hasBegun = true;
                    return pieces;
                }
            }
        }

        return [];
    }

    public void Dispose() => _held.Dispose();

    private void Advance()
    {
        try
        {
            while (_step switch
            {
                Step.Header => ReadHeader(),
                Step.Blocks => ReadBlocks(),
                Step.Trailer => ReadTrailer(),
                Step.Behind => LookBehind(),
                _ => PassZeros(),
            })
            {
            }
        }
        catch (InvalidDataException e) when (_step is not Step.Zeros)
        {
            throw new InvalidDataException($"Member {Members} of the gzip source, at byte {_memberStart}, is bad: {e.Message} {Outcome()}", e);
        }
    }

    private bool ReadHeader()
    {
        _memberStart = _dropped + _at;
        int end = GzipHeader.End(_held.Span, _at);
        if (end >= 0)
        {
            inflater.Begin(end);
            _memberBegun = false;
            _at = _blocks = end;
            _step = Step.Blocks;
            return true;
        }

        int length = _held.Length - _at;
        return (_isWhole, length) switch
        {
            (true, < 2) => throw new InvalidDataException("It does not begin with 1F 8B, so it is no gzip."),
            (true, _) => throw new InvalidDataException("Its header is cut off."),
            (false, > LongestHeader) => throw new InvalidDataException($"Its header is longer than {LongestHeader} bytes."),
            _ => false,
        };
    }

    private bool ReadBlocks()
    {
        bool ended = inflater.Run(_held.Bytes, _held.Length, _isWhole);
        _at = (int)(inflater.Bit >> 3);
        _step = ended ? Step.Trailer : Step.Blocks;
        return ended;
    }

    private bool ReadTrailer()
    {
        int trailer = (int)((inflater.Bit + 7) >> 3);
        if (trailer + TrailerBytes > _held.Length)
        {
            return _isWhole ? throw new InvalidDataException("It ends before its trailer does.") : false;
        }

        uint crc = BinaryPrimitives.ReadUInt32LittleEndian(_held.Span[trailer..]);
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(_held.Span[(trailer + sizeof(uint))..]);
        InflateWindow plain = inflater.Plain;
        if (length != (uint)plain.Length)
        {
            throw new InvalidDataException($"Its trailer says {length} bytes (modulo 2^32), its data makes {plain.Length}.");
        }

        if (crc != plain.Crc)
        {
            throw new InvalidDataException($"Its trailer says CRC-32 {crc:x8}, its data has {plain.Crc:x8}.");
        }

        EndMember();
        _at = trailer + TrailerBytes;
        _step = Step.Behind;
        return true;
    }

    // gzip(1) passes over zeros, with which tapes are filled up; other bytes mean that something is lost.
    private bool LookBehind()
    {
        if (_held.Length - _at < 2 && !_isWhole)
        {
            return false;
        }

        bool isMember = GzipHeader.IsAt(_held.Span, _at);
        Members += isMember ? 1 : 0;
        _step = isMember ? Step.Header : Step.Zeros;
        return true;
    }

    private bool PassZeros()
    {
        int other = _held.Span[_at..].IndexOfAnyExcept((byte)0);
        if (other >= 0)
        {
            throw new InvalidDataException(
                $"Behind member {Members} of the gzip source, at byte {_dropped + _at + other}, lies something that is no gzip. {Outcome()}");
        }

        _at = _held.Length;
        return false;
    }

    private string Outcome()
    {
        long kept = Length + (_step is Step.Blocks or Step.Trailer ? inflater.Plain.Length : 0);
        if (heldBytes == 0)
        {
            return $"{kept} plain bytes come before.";
        }

        if (!_hasBegun)
        {
            return "Nothing of the source was written: leave it out, or fetch it again.";
        }

        return $"Its first {kept} plain bytes are in the entry already, because it is longer than {nameof(GzipSpliceOptions.BufferBytes)} ({heldBytes}): go on without the rest, or begin the zip anew.";
    }

    private void EndEarly(Exception fault)
    {
        Fault = ExceptionDispatchInfo.Capture(fault);
        if (_step is Step.Blocks or Step.Trailer)
        {
            EndMember();
        }
    }

    // Where the blocks end, the end of an unfinished one and an empty stored block are put, which fills the byte. Of a whole member they lie where the
    // trailer was, otherwise where the fault is or behind what is held.
    private void EndMember()
    {
        InflateWindow plain = inflater.Plain;
        if (plain.Length == 0 && !_memberBegun)
        {
            return;
        }

        Crc = Crc32.Combine(Crc, plain.Crc, plain.Length);
        Length += plain.Length;
        Lines += plain.Lines;
        LastByte = plain.Length > 0 ? plain.LastByte : LastByte;
        (uint code, int bits) = inflater.BlockEnd ?? default;
        int end = (int)(inflater.Bit >> 3);
        int used = (int)(inflater.Bit & 7);
        byte[] bytes = _held.Bytes;

        // The three bits of an empty stored block's header are zero, and so are those up to the next byte.
        uint last = (bytes[end] & ((1u << used) - 1)) | (code << used);
        for (int left = used + bits + 3; left > 0; left -= 8)
        {
            bytes[end++] = (byte)last;
            last >>= 8;
        }

        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(end), 0xFFFF0000);
        _pieces.Add(_blocks..(end + sizeof(uint)));
    }

    // Of a member that goes on, what is whole bytes.
    private IReadOnlyList<ReadOnlyMemory<byte>> Pieces()
    {
        if (_step is Step.Blocks or Step.Trailer && Fault is null && _at > _blocks && (inflater.Plain.Length > 0 || _at - _blocks > LongestEmpty))
        {
            _pieces.Add(_blocks.._at);
            _blocks = _at;
            _memberBegun = true;
        }

        return [.. _pieces.Select(piece => (ReadOnlyMemory<byte>)_held.Bytes.AsMemory(piece))];
    }

    private void Drop()
    {
        _pieces.Clear();
        int count = _step is Step.Blocks or Step.Trailer ? _blocks : _at;
        _held.Drop(count);
        _dropped += count;
        inflater.Moved(count);
        _blocks -= count;
        _at -= count;
    }
}
