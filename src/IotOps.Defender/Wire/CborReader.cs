using System.Buffers.Binary;

namespace IotOps.Defender.Wire;

/// <summary>
/// Reads the heads and contents of CBOR data items from bytes that may come from anywhere: what is not there or not well-formed gives false.
/// Lists and maps of indefinite length are read, since encoders on the service's side write them; texts in chunks are not. Tags are skipped.
/// </summary>
internal ref struct CborReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public readonly bool IsAtEnd => _rest.IsEmpty;

    /// <summary>Reads an item's head.</summary>
    /// <param name="majorType">One of <see cref="CborHead"/>'s.</param>
    /// <param name="argument">A number, a length, or the bits of a simple value or float.</param>
    /// <param name="info">The lower five bits of the first byte.</param>
    public bool TryReadHead(out byte majorType, out ulong argument, out byte info)
    {
        do
        {
            majorType = 0;
            argument = 0;
            info = 0;
            if (_rest.IsEmpty)
            {
                return false;
            }

            majorType = (byte)(_rest[0] >> 5);
            info = (byte)(_rest[0] & 0x1F);
            _rest = _rest[1..];
            if (!TryReadArgument(info, out argument))
            {
                return false;
            }
        }
        while (majorType == CborHead.Tag && info != CborHead.Indefinite);

        return info != CborHead.Indefinite || majorType is CborHead.Array or CborHead.Map;
    }

    /// <summary>Steps over the break that ends a list or map of indefinite length, if it comes next.</summary>
    public bool TryReadBreak()
    {
        if (_rest.IsEmpty || _rest[0] != CborHead.Break)
        {
            return false;
        }

        _rest = _rest[1..];
        return true;
    }

    /// <summary>Reads a string's content.</summary>
    public bool TryReadContent(ulong length, out ReadOnlySpan<byte> content)
    {
        if (length > (ulong)_rest.Length)
        {
            content = default;
            return false;
        }

        content = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return true;
    }

    /// <summary>Reads a number of any kind.</summary>
    public bool TryReadNumber(out double value)
    {
        value = 0;
        if (!TryReadHead(out byte majorType, out ulong argument, out byte info))
        {
            return false;
        }

        switch (majorType)
        {
            case CborHead.UnsignedInteger:
                value = argument;
                return true;
            case CborHead.NegativeInteger:
                value = -1 - (double)argument;
                return true;
            case CborHead.Simple when info == 25:
                value = (double)BitConverter.UInt16BitsToHalf((ushort)argument);
                return true;
            case CborHead.Simple when info == 26:
                value = BitConverter.UInt32BitsToSingle((uint)argument);
                return true;
            case CborHead.Simple when info == 27:
                value = BitConverter.UInt64BitsToDouble(argument);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Steps over an item and all that is in it.</summary>
    /// <param name="depth">How many levels it may have.</param>
    public bool TrySkip(int depth)
    {
        if (depth == 0 || !TryReadHead(out byte majorType, out ulong argument, out byte info))
        {
            return false;
        }

        switch (majorType)
        {
            case CborHead.ByteString or CborHead.TextString:
                return TryReadContent(argument, out _);
            case CborHead.Array or CborHead.Map:
                bool isIndefinite = info == CborHead.Indefinite;
                for (ulong i = 0; isIndefinite ? !TryReadBreak() : i < argument; i++)
                {
                    if (!TrySkip(depth - 1) || (majorType == CborHead.Map && !TrySkip(depth - 1)))
                    {
                        return false;
                    }
                }

                return true;
            default:
                return true;
        }
    }

    private bool TryReadArgument(byte info, out ulong argument)
    {
        int size = info switch { 24 => 1, 25 => 2, 26 => 4, 27 => 8, _ => 0 };
        argument = info;
        if (info is > 27 and < CborHead.Indefinite || size > _rest.Length)
        {
            return false;
        }

        argument = size switch
        {
            1 => _rest[0],
            2 => BinaryPrimitives.ReadUInt16BigEndian(_rest),
            4 => BinaryPrimitives.ReadUInt32BigEndian(_rest),
            8 => BinaryPrimitives.ReadUInt64BigEndian(_rest),
            _ => info,
        };
        _rest = _rest[size..];
        return true;
    }
}
