using System.Buffers.Binary;

namespace IotOps.Shared;

/// <summary>
/// Reads the members of a gzip source (RFC 1952) one step at a time, as strictly as gzip(1): headers, deflate data, CRC-32 and length of each member
/// must be right, and only zeros may follow the last one. .NET's GZipStream is not enough: it takes a source that is cut off for one that has ended.
/// </summary>
/// <param name="source">The source; stays open.</param>
/// <param name="inflater">Used by this object alone until it is disposed.</param>
/// <param name="readBytes">Bytes that one read takes at most.</param>
internal sealed class GzipMembers(Stream source, Inflater inflater, int readBytes) : IDisposable
{
    private const int TrailerBytes = 8;
    private const int LongestHeader = 1 << 20;

    private readonly GzipBuffer _held = new(readBytes);
    private Expected _expected = Expected.Header;
    private long _dropped;
    private long _memberStart;
    private long _plainBytes;

    private enum Expected
    {
        Header,
        Blocks,
        Trailer,
        MemberOrZeros,
        Zeros,
    }

    /// <summary>Members begun, empty ones included; 1 before the first.</summary>
    public long Count { get; private set; } = 1;

    /// <summary>Whether the source has ended.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>Whether a header was read whose trailer was not.</summary>
    public bool IsInMember => _expected is Expected.Blocks or Expected.Trailer;

    /// <summary>Plain bytes that were found good so far.</summary>
    public long PlainBytes => _plainBytes + (IsInMember ? inflater.Plain.Length : 0);

    /// <summary>What was read and not dropped. The inflater clears the mark of each last block in it.</summary>
    public GzipBuffer Held => _held;

    /// <summary>Bytes at the start of <see cref="Held"/> that were examined as a whole.</summary>
    public int At { get; private set; }

    /// <summary>Reads more of the source into <see cref="Held"/>.</summary>
    /// <param name="most">Bytes that <see cref="Held"/> may then have; more than it has.</param>
    /// <param name="cancellationToken">Ends reading.</param>
    public async ValueTask ReadAsync(int most, CancellationToken cancellationToken) =>
        IsWhole = !await _held.ReadAsync(source, most, cancellationToken).ConfigureAwait(false);

    /// <summary>Examines <see cref="Held"/> up to the next event.</summary>
    /// <exception cref="InvalidDataException">The source is bad, or cut off; the message says which member, and where it begins.</exception>
    public GzipEvent Next()
    {
        try
        {
            GzipEvent? reached;
            do
            {
                reached = _expected switch
                {
                    Expected.Header => ReadHeader(),
                    Expected.Blocks => ReadBlocks(),
                    Expected.Trailer => ReadTrailer(),
                    Expected.MemberOrZeros => ReadMagic(),
                    _ => ReadZeros(),
                };
            }
            while (reached is null);
            return reached.Value;
        }
        catch (InvalidDataException e) when (_expected is not Expected.Zeros)
        {
            throw new InvalidDataException($"Member {Count} of the gzip source, at byte {_memberStart}, is bad: {e.Message}", e);
        }
    }

    /// <summary>Forgets bytes at the start of <see cref="Held"/>; <see cref="At"/> at most.</summary>
    public void Drop(int count)
    {
        _held.Drop(count);
        _dropped += count;
        inflater.Moved(count);
        At -= count;
    }

    public void Dispose() => _held.Dispose();

    private GzipEvent? ReadHeader()
    {
        _memberStart = _dropped + At;
        int end = GzipHeader.End(_held.Span, At);
        if (end >= 0)
        {
            inflater.Begin(end);
            At = end;
            _expected = Expected.Blocks;
            return GzipEvent.MemberBegan;
        }

        int length = _held.Length - At;
        return (IsWhole, length) switch
        {
            (true, < 2) => throw new InvalidDataException("It does not begin with 1F 8B, so it is no gzip."),
            (true, _) => throw new InvalidDataException("Its header is cut off."),
            (false, > LongestHeader) => throw new InvalidDataException($"Its header is longer than {LongestHeader} bytes."),
            _ => GzipEvent.NeedsMore,
        };
    }

    private GzipEvent? ReadBlocks()
    {
        bool ended = inflater.Run(_held.Bytes, _held.Length, IsWhole);
        At = (int)(inflater.Bit >> 3);
        if (!ended)
        {
            return GzipEvent.NeedsMore;
        }

        _expected = Expected.Trailer;
        return null;
    }

    private GzipEvent? ReadTrailer()
    {
        int trailer = (int)((inflater.Bit + 7) >> 3);
        if (trailer + TrailerBytes > _held.Length)
        {
            return IsWhole ? throw new InvalidDataException("It ends before its trailer does.") : GzipEvent.NeedsMore;
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

        _plainBytes += plain.Length;
        At = trailer + TrailerBytes;
        _expected = Expected.MemberOrZeros;
        return GzipEvent.MemberEnded;
    }

    private GzipEvent? ReadMagic()
    {
        if (_held.Length - At < 2 && !IsWhole)
        {
            return GzipEvent.NeedsMore;
        }

        bool isMember = GzipHeader.IsAt(_held.Span, At);
        Count += isMember ? 1 : 0;
        _expected = isMember ? Expected.Header : Expected.Zeros;
        return null;
    }

    // gzip(1) skips zeros, which pad tapes; any other byte means that something is lost.
    private GzipEvent? ReadZeros()
    {
        int other = _held.Span[At..].IndexOfAnyExcept((byte)0);
        if (other >= 0)
        {
            throw new InvalidDataException($"Behind member {Count} of the gzip source, at byte {_dropped + At + other}, lies something that is no gzip.");
        }

        At = _held.Length;
        return GzipEvent.NeedsMore;
    }
}
