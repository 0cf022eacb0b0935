using System.Buffers;

namespace IotOps.Shared;

/// <summary>The latest plain bytes of a member, as far back as a match can reach, and what all of them together come to.</summary>
internal sealed unsafe class InflateWindow
{
    /// <summary>Bytes that may be written behind <see cref="Full"/>: three literals, the longest match, and a last copy that goes too far.</summary>
    public const int Slack = 320;

    // Small enough to stay in the processor's cache until it is summed up.
    private const int FreshBytes = 96 << 10;

    private readonly PinnedTable<byte> _bytes = new(DeflateSymbols.Window + FreshBytes + Slack);
    private byte* _settled;

    /// <summary>The oldest byte.</summary>
    public byte* Start => _bytes.Pointer;

    /// <summary>Where <see cref="Settle"/> is due.</summary>
    public byte* Full => _bytes.Pointer + DeflateSymbols.Window + FreshBytes;

    /// <summary>Where the next byte goes.</summary>
    public byte* Next { get; set; }

    /// <summary>Gets the plain bytes as they settle, for whoever wants them; null otherwise.</summary>
    public IBufferWriter<byte>? Output { get; init; }

    /// <summary>Of all settled bytes.</summary>
    public uint Crc { get; private set; }

    /// <summary>Settled bytes.</summary>
    public long Length { get; private set; }

    /// <summary>Newlines among them.</summary>
    public long Lines { get; private set; }

    /// <summary>The last of them; -1 when there is none.</summary>
    public int LastByte { get; private set; }

    /// <summary>Begins a member.</summary>
    public void Clear()
    {
        Next = _settled = Start;
        Crc = 0;
        Length = 0;
        Lines = 0;
        LastByte = -1;
    }

    /// <summary>Sums up what is new, and makes room.</summary>
    public void Settle()
    {
        var fresh = new ReadOnlySpan<byte>(_settled, (int)(Next - _settled));
        if (!fresh.IsEmpty)
        {
            Output?.Write(fresh);
            Crc = Crc32.Append(Crc, fresh);
            Length += fresh.Length;
            Lines += fresh.Count((byte)'\n');
            LastByte = fresh[^1];
        }

        if (Next >= Full)
        {
            new ReadOnlySpan<byte>(Next - DeflateSymbols.Window, DeflateSymbols.Window).CopyTo(_bytes.Span);
            Next = Start + DeflateSymbols.Window;
        }

        _settled = Next;
    }

    /// <summary>Takes bytes that are plain in the stream.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int count = (int)Math.Min(bytes.Length, Full - Next);
            bytes[..count].CopyTo(new Span<byte>(Next, count));
            bytes = bytes[count..];
            Next += count;
            Settle();
        }
    }
}
