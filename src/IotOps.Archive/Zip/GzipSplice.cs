using System.Buffers.Binary;
using System.Runtime.ExceptionServices;
using IotOps.Shared;

namespace IotOps.Archive.Zip;

/// <summary>
/// A gzip source (RFC 1952) as deflate blocks that other blocks can follow: members lose their headers, trailers and the mark of their last block. It is
/// inflated on the way, so that what is handed out is known to be good. As much as may be held is looked at before the first of it is handed out; a fault
/// behind that ends the blocks where all was still good.
/// </summary>
internal sealed class GzipSplice(Stream source, Inflater inflater, int heldBytes) : IDisposable
{
    // A member of nothing is left out when it is no longer.
    private const int LongestEmpty = 64 << 10;

    // What is inflated of a read is then still in the processor's cache.
    private const int ReadBytes = 256 << 10;

    private readonly GzipMembers _members = new(source, inflater, ReadBytes);
    private readonly List<Range> _pieces = [];

    // Where what was not handed out of the member's blocks begins.
    private int _blocks;
    private bool _memberBegun;

    // From then on what was looked at is handed out or, when it is nothing of the entry's, let go.
    private bool _isMoreThanHeld;
    private bool _hasBegun;

    /// <summary>Gzip members, empty ones counted.</summary>
    public long Members => _members.Count;

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
        while (!_members.IsWhole && Fault is null)
        {
            if (_isMoreThanHeld)
            {
                Drop();
            }

            try
            {
                int most = _isMoreThanHeld ? int.MaxValue - Inflater.Padding : heldBytes + 1;
                await _members.ReadAsync(most, cancellationToken).ConfigureAwait(false);
                Advance();
            }
            catch (Exception e) when (_hasBegun && e is not OperationCanceledException)
            {
                EndEarly(e);
            }

            _isMoreThanHeld |= _members.Held.Length > heldBytes;
            if (_isMoreThanHeld || _members.IsWhole)
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

    public void Dispose() => _members.Dispose();

    private void Advance()
    {
        try
        {
            while (true)
            {
                switch (_members.Next())
                {
                    case GzipEvent.MemberBegan:
                        _blocks = _members.At;
                        _memberBegun = false;
                        break;
                    case GzipEvent.MemberEnded:
                        EndMember();
                        break;
                    default:
                        return;
                }
            }
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"{e.Message} {Outcome()}", e);
        }
    }

    private string Outcome() => _hasBegun
        ? $"Its first {_members.PlainBytes} plain bytes are in the entry already, because it is longer than {nameof(GzipSpliceOptions.BufferBytes)} ({heldBytes}): go on without the rest, or begin the zip anew."
        : "Nothing of the source was written: leave it out, or fetch it again.";

    private void EndEarly(Exception fault)
    {
        Fault = ExceptionDispatchInfo.Capture(fault);
        if (_members.IsInMember)
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
        byte[] bytes = _members.Held.Bytes;

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
        int at = _members.At;
        if (_members.IsInMember && Fault is null && at > _blocks && (inflater.Plain.Length > 0 || at - _blocks > LongestEmpty))
        {
            _pieces.Add(_blocks..at);
            _blocks = at;
            _memberBegun = true;
        }

        return [.. _pieces.Select(piece => (ReadOnlyMemory<byte>)_members.Held.Bytes.AsMemory(piece))];
    }

    private void Drop()
    {
        _pieces.Clear();
        int count = _members.IsInMember ? _blocks : _members.At;
        _members.Drop(count);
        _blocks -= count;
    }
}
