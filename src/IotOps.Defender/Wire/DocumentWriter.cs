using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Runtime.CompilerServices;
using System.Text;

namespace IotOps.Defender.Wire;

/// <summary>
/// Writes maps, lists, numbers and texts as JSON without spaces or as CBOR with definite lengths. Without a target it only counts. Who calls
/// it writes what is allowed where: nothing is checked here.
/// </summary>
internal ref struct DocumentWriter
{
    /// <summary>Bytes that counting needs: more than any piece written at once.</summary>
    public const int ScratchBytes = 1024;

    private const int ChunkBytes = 512;
    private const int TextChunk = 128;
    private const int MaxNumberBytes = 32;

    private readonly IBufferWriter<byte>? _target;
    private readonly bool _isCbor;
    private Span<byte> _span;
    private int _used;
    private int _flushed;
    private bool _needsComma;

    /// <summary>Writes; <see cref="Complete"/> hands over the rest.</summary>
    public DocumentWriter(IBufferWriter<byte> target, DefenderFormat format)
    {
        _target = target;
        _isCbor = format == DefenderFormat.Cbor;
    }

    /// <summary>Counts.</summary>
    public DocumentWriter(Span<byte> scratch, DefenderFormat format)
    {
        _span = scratch;
        _isCbor = format == DefenderFormat.Cbor;
    }

    /// <summary>Bytes so far.</summary>
    public readonly int Length => _flushed + _used;

    public void BeginMap(int members)
    {
        if (_isCbor)
        {
            Head(CborHead.Map, (ulong)members);
        }
        else
        {
            Open((byte)'{');
        }
    }

    public void EndMap() => Close((byte)'}');

    public void BeginList(int items)
    {
        if (_isCbor)
        {
            Head(CborHead.Array, (ulong)items);
        }
        else
        {
            Open((byte)'[');
        }
    }

    public void EndList() => Close((byte)']');

    /// <summary>The name of the member whose value comes next; at most 128 bytes that JSON need not escape.</summary>
    public void Name(scoped ReadOnlySpan<byte> name)
    {
        if (_isCbor)
        {
            Span<byte> whole = Reserve(CborHead.MaxBytes + name.Length);
            int head = CborHead.Write(whole, CborHead.TextString, (ulong)name.Length);
            name.CopyTo(whole[head..]);
            _used += head + name.Length;
            return;
        }

        Span<byte> free = Reserve(name.Length + 4);
        int at = 0;
        if (_needsComma)
        {
            free[at++] = (byte)',';
        }

        free[at++] = (byte)'"';
        name.CopyTo(free[at..]);
        at += name.Length;
        free[at++] = (byte)'"';
        free[at++] = (byte)':';
        _used += at;
        _needsComma = false;
    }

    /// <summary>The same for the name of a custom metric.</summary>
    public void Name(string name)
    {
        Text(name);
        if (!_isCbor)
        {
            Reserve(1)[0] = (byte)':';
            _used++;
            _needsComma = false;
        }
    }

    public void Integer(long value)
    {
        if (_isCbor)
        {
            Head(value < 0 ? CborHead.NegativeInteger : CborHead.UnsignedInteger, (ulong)(value < 0 ? ~value : value));
            return;
        }

        Comma();
        _ = Utf8Formatter.TryFormat(value, Reserve(MaxNumberBytes), out int written);
        _used += written;
    }

    /// <summary>A finite number; one without a fraction is written as an integer.</summary>
    public void Number(double value)
    {
        if (value == Math.Truncate(value) && Math.Abs(value) < long.MaxValue)
        {
            Integer((long)value);
        }
        else if (_isCbor)
        {
            Span<byte> free = Reserve(CborHead.MaxBytes);
            free[0] = CborHead.DoubleFloat;
            BinaryPrimitives.WriteDoubleBigEndian(free[1..], value);
            _used += 1 + sizeof(double);
        }
        else
        {
            Comma();
            _ = Utf8Formatter.TryFormat(value, Reserve(MaxNumberBytes), out int written);
            _used += written;
        }
    }

    /// <summary>A text of whole UTF-16 characters without control characters; beyond 128 characters ASCII alone.</summary>
    public void Text(string text)
    {
        if (_isCbor)
        {
            CborText(text);
            return;
        }

        Comma();
        Reserve(1)[0] = (byte)'"';
        _used++;
        ReadOnlySpan<char> rest = text;
        for (int at = rest.IndexOfAny('"', '\\'); at >= 0; at = rest.IndexOfAny('"', '\\'))
        {
            Transcode(rest[..at]);
            Span<byte> escaped = Reserve(2);
            escaped[0] = (byte)'\\';
            escaped[1] = (byte)rest[at];
            _used += 2;
            rest = rest[(at + 1)..];
        }

        Transcode(rest);
        Reserve(1)[0] = (byte)'"';
        _used++;
    }

    /// <summary>An address as text, and with a port when that is not 0: <c>192.0.2.1:443</c>, <c>[2001:db8::1]:443</c>.</summary>
    public void Address(in InternetAddress address, int port = 0)
    {
        Comma();
        Span<byte> free = Reserve(InternetAddress.MaxLength + 12);

        // Two bytes are kept for a CBOR head; most addresses need one, and move.
        Span<byte> text = free[2..];
        bool isBracketed = port != 0 && !address.IsIPv4;
        int length = 0;
        if (isBracketed)
        {
            text[length++] = (byte)'[';
        }

        length += address.Format(text[length..]);
        if (isBracketed)
        {
            text[length++] = (byte)']';
        }

        if (port != 0)
        {
            text[length++] = (byte)':';
            _ = Utf8Formatter.TryFormat(port, text[length..], out int digits);
            length += digits;
        }

        if (_isCbor)
        {
            int head = CborHead.Write(free, CborHead.TextString, (ulong)length);
            if (head < 2)
            {
                text[..length].CopyTo(free[head..]);
            }

            _used += head + length;
        }
        else
        {
            free[0] = (byte)'"';
            text[..length].CopyTo(free[1..]);
            free[length + 1] = (byte)'"';
            _used += length + 2;
        }
    }

    /// <summary>Hands what is left to the target.</summary>
    public void Complete()
    {
        _target?.Advance(_used);
        _flushed += _used;
        _used = 0;
        _span = default;
    }

    // Reserving moves what is used: it comes before the addition, not within it.
    private void Head(byte majorType, ulong argument)
    {
        Span<byte> free = Reserve(CborHead.MaxBytes);
        _used += CborHead.Write(free, majorType, argument);
    }

    private void Open(byte bracket)
    {
        Comma();
        Reserve(1)[0] = bracket;
        _used++;
        _needsComma = false;
    }

    private void Close(byte bracket)
    {
        if (!_isCbor)
        {
            Reserve(1)[0] = bracket;
            _used++;
            _needsComma = true;
        }
    }

    // Whatever comes after this is a value, so what comes after that needs a comma.
    private void Comma()
    {
        if (_isCbor)
        {
            return;
        }

        if (_needsComma)
        {
            Reserve(1)[0] = (byte)',';
            _used++;
        }

        _needsComma = true;
    }

    private void CborText(string text)
    {
        // Names of interfaces, mostly: ASCII, and short enough for a head of one byte, so that once over it is enough.
        if (text.Length <= CborHead.MaxShortArgument)
        {
            Span<byte> free = Reserve(1 + text.Length);
            int at = 0;
            while (at < text.Length && char.IsAscii(text[at]))
            {
                free[++at] = (byte)text[at - 1];
            }

            if (at == text.Length)
            {
                _used += CborHead.Write(free, CborHead.TextString, (ulong)at) + at;
                return;
            }
        }

        Head(CborHead.TextString, (ulong)Encoding.UTF8.GetByteCount(text));
        Transcode(text);
    }

    private void Transcode(scoped ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            ReadOnlySpan<char> chunk = text[..Math.Min(text.Length, TextChunk)];
            Span<byte> free = Reserve(chunk.Length * 3);
            _used += Encoding.UTF8.GetBytes(chunk, free);
            text = text[chunk.Length..];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Span<byte> Reserve(int bytes)
    {
        if (_span.Length - _used < bytes)
        {
            Grow(bytes);
        }

        return _span[_used..];
    }

    private void Grow(int bytes)
    {
        if (_target is not null)
        {
            if (_used > 0)
            {
                _target.Advance(_used);
            }

            _span = _target.GetSpan(Math.Max(bytes, ChunkBytes));
        }

        _flushed += _used;
        _used = 0;
    }
}
