using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace IotOps.Fleet.Trail;

/// <summary>
/// Finds the end of a record (a JSON object, RFC 8259) and where its members lie, and refuses what is no JSON, in one pass over the bytes. Each token
/// of a day of records goes through here: System.Text.Json's reader takes three times as long, most of it for what the next member cannot use.
/// </summary>
internal static unsafe class RecordScanner
{
    /// <summary>Bytes behind the data that are read, whatever they are, and never counted.</summary>
    public const int Padding = 64;

    /// <summary>Objects and lists within each other; more are refused.</summary>
    public const int MaxDepth = 64;

    private const byte FirstPrintable = 0x20;

    /// <summary>Scans the record that begins at <paramref name="start"/>.</summary>
    /// <param name="buffer">Holds the data, and <see cref="Padding"/> bytes behind it.</param>
    /// <param name="start">A brace.</param>
    /// <param name="end">Where the data ends.</param>
    /// <param name="fields">Gets where the members lie, counted from <paramref name="start"/>.</param>
    /// <param name="at">Where the record ends, or the byte that does not belong there.</param>
    public static ScanOutcome Scan(byte[] buffer, int start, int end, RecordFields fields, out int at)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(end, buffer.Length - Padding);
        fields.Clear();
        fixed (byte* data = buffer)
        {
            byte* stop = data + start;
            ScanOutcome outcome = Scan(ref stop, data + end, fields);
            at = (int)(stop - data);

            // What lies behind the data may look like a fault, and is none.
            return at >= end && outcome == ScanOutcome.Bad ? ScanOutcome.NeedsMore : outcome;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static ScanOutcome Scan(ref byte* stop, byte* end, RecordFields fields)
    {
        byte* start = stop;
        byte* at = start;
        ulong objects = 0;
        int depth = 0;
        int field = -1;
        byte* valueStart = at;

    value:
        at = SkipSpace(at, end);
        if (depth == 1)
        {
            valueStart = at;
        }

        switch (at < end ? *at : 0)
        {
            case (byte)'"':
                if (!SkipText(ref at, end))
                {
                    goto bad;
                }

                goto afterValue;
            case (byte)'{':
                if (depth == MaxDepth)
                {
                    goto bad;
                }

                depth++;
                objects = (objects << 1) | 1;
                at = SkipSpace(at + 1, end);
                if (at < end && *at == '}')
                {
                    goto close;
                }

                goto name;
            case (byte)'[':
                if (depth == MaxDepth)
                {
                    goto bad;
                }

                depth++;
                objects <<= 1;
                at = SkipSpace(at + 1, end);
                if (at < end && *at == ']')
                {
                    goto close;
                }

                goto value;
            case (byte)'t':
                if (!SkipWord(ref at, "true"u8))
                {
                    goto bad;
                }

                goto afterValue;
            case (byte)'f':
                if (!SkipWord(ref at, "false"u8))
                {
                    goto bad;
                }

                goto afterValue;
            case (byte)'n':
                if (!SkipWord(ref at, "null"u8))
                {
                    goto bad;
                }

                goto afterValue;
            case (byte)'-' or (>= (byte)'0' and <= (byte)'9'):
                if (!SkipNumber(ref at, end))
                {
                    goto bad;
                }

                goto afterValue;
            default:
                goto bad;
        }

    name:
        byte* nameStart = at + 1;
        if (at >= end || *at != '"' || !SkipText(ref at, end))
        {
            goto bad;
        }

        if (depth == 1)
        {
            field = fields.Find(new ReadOnlySpan<byte>(nameStart, (int)(at - nameStart) - 1));
        }

        if (*at != ':')
        {
            at = SkipSpace(at, end);
            if (at >= end || *at != ':')
            {
                goto bad;
            }
        }

        at++;
        goto value;

    close:
        at++;
        depth--;
        objects >>= 1;
        if (depth == 0)
        {
            stop = at;
            return at <= end ? ScanOutcome.Whole : ScanOutcome.NeedsMore;
        }

    afterValue:
        if (depth == 1 && field >= 0)
        {
            fields.Set(field, (int)(valueStart - start), (int)(at - start));
        }

        at = SkipSpace(at, end);
        bool isObject = (objects & 1) != 0;
        switch (at < end ? *at : 0)
        {
            case (byte)',':
                at++;
                if (isObject)
                {
                    at = SkipSpace(at, end);
                    goto name;
                }

                goto value;
            case (byte)'}' when isObject:
            case (byte)']' when !isObject:
                goto close;
            default:
                goto bad;
        }

    bad:
        stop = at;
        return ScanOutcome.Bad;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte* SkipSpace(byte* at, byte* end)
    {
        while (*at <= FirstPrintable && at < end && *at is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
        {
            at++;
        }

        return at;
    }

    // From the first quote to behind the last. Where the text goes on behind the data, `at` is the end.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool SkipText(ref byte* at, byte* end)
    {
        byte* next = at + 1;
        while (true)
        {
            Vector256<byte> bytes = Vector256.Load(next);
            Vector256<byte> special = Vector256.Equals(bytes, Vector256.Create((byte)'"'))
                | Vector256.Equals(bytes, Vector256.Create((byte)'\\'))
                | Vector256.LessThan(bytes, Vector256.Create(FirstPrintable));
            uint found = special.ExtractMostSignificantBits();
            if (found == 0)
            {
                next += Vector256<byte>.Count;
                if (next < end)
                {
                    continue;
                }

                at = end;
                return false;
            }

            next += BitOperations.TrailingZeroCount(found);
            if (next >= end)
            {
                at = end;
                return false;
            }

            if (*next == '"')
            {
                at = next + 1;
                return true;
            }

            if (*next != '\\' || !SkipEscape(ref next, end))
            {
                at = next;
                return false;
            }
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool SkipEscape(ref byte* at, byte* end)
    {
        switch (at[1])
        {
            case (byte)'"' or (byte)'\\' or (byte)'/' or (byte)'b' or (byte)'f' or (byte)'n' or (byte)'r' or (byte)'t':
                at += 2;
                return true;
            case (byte)'u' when IsHex(at[2]) && IsHex(at[3]) && IsHex(at[4]) && IsHex(at[5]):
                at += 6;
                return true;
            default:
                // An escape that the data's end cuts in two is not known to be bad.
                at = at + 6 > end ? end : at;
                return false;
        }
    }

    private static bool IsHex(byte digit) => char.IsAsciiHexDigit((char)digit);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool SkipWord(ref byte* at, ReadOnlySpan<byte> word)
    {
        if (new ReadOnlySpan<byte>(at, word.Length).SequenceEqual(word))
        {
            at += word.Length;
            return true;
        }

        return FailWord(ref at, word);
    }

    private static bool FailWord(ref byte* at, ReadOnlySpan<byte> word)
    {
        foreach (byte letter in word)
        {
            if (*at != letter)
            {
                break;
            }

            at++;
        }

        return false;
    }

    // A number that reaches the data's end may go on behind it. No record ends with a number, so more is asked for anyway.
    private static bool SkipNumber(ref byte* at, byte* end)
    {
        byte* next = at + (*at == '-' ? 1 : 0);
        bool isGood = true;
        if (*next == '0')
        {
            next++;
        }
        else
        {
            isGood = SkipDigits(ref next);
        }

        if (isGood && *next == '.')
        {
            next++;
            isGood = SkipDigits(ref next);
        }

        if (isGood && (*next | 0x20) == 'e')
        {
            next += next[1] is (byte)'+' or (byte)'-' ? 2 : 1;
            isGood = SkipDigits(ref next);
        }

        at = next < end ? next : end;
        return isGood;

        bool SkipDigits(ref byte* digit)
        {
            byte* first = digit;
            while (digit < end && *digit is >= (byte)'0' and <= (byte)'9')
            {
                digit++;
            }

            return digit > first;
        }
    }
}
