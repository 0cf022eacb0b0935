using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;

namespace IotOps.Logs.Reading;

/// <summary>Turns a file's bytes into valid UTF-8, as much as fits, never ending inside a character.</summary>
internal static class TextDecoder
{
    /// <param name="raw">Bytes of the file.</param>
    /// <param name="encoding">What they are.</param>
    /// <param name="target">Where the UTF-8 goes; what does not fit is not consumed.</param>
    /// <param name="moreFollows">The bytes behind <paramref name="raw"/> belong to the same text: a character begun at its end is left there.</param>
    /// <param name="consumed">Bytes of <paramref name="raw"/> that were taken.</param>
    /// <returns>Bytes written.</returns>
    public static int Decode(ReadOnlySpan<byte> raw, TextEncoding encoding, Span<byte> target, bool moreFollows, out int consumed) => encoding switch
    {
        TextEncoding.Utf16 => DecodeUtf16(raw, !BitConverter.IsLittleEndian, target, moreFollows, out consumed),
        TextEncoding.Utf16BigEndian => DecodeUtf16(raw, BitConverter.IsLittleEndian, target, moreFollows, out consumed),
        TextEncoding.Latin1 => DecodeLatin1(raw, target, out consumed),
        _ => DecodeUtf8(raw, target, moreFollows, out consumed),
    };

    private static int DecodeUtf8(ReadOnlySpan<byte> raw, Span<byte> target, bool moreFollows, out int consumed)
    {
        int written = 0;
        consumed = 0;
        while (consumed < raw.Length)
        {
            ReadOnlySpan<byte> rest = raw[consumed..];
            int ascii = rest.IndexOfAnyExceptInRange((byte)0, (byte)0x7F);
            ascii = Math.Min(ascii < 0 ? rest.Length : ascii, target.Length - written);
            if (ascii > 0)
            {
                rest[..ascii].CopyTo(target[written..]);
                consumed += ascii;
                written += ascii;
                continue;
            }

            if (Rune.DecodeFromUtf8(rest, out Rune rune, out int length) == System.Buffers.OperationStatus.NeedMoreData && moreFollows)
            {
                break;
            }

            if (!rune.TryEncodeToUtf8(target[written..], out int encoded))
            {
                break;
            }

            consumed += length;
            written += encoded;
        }

        return written;
    }

    private static int DecodeLatin1(ReadOnlySpan<byte> raw, Span<byte> target, out int consumed)
    {
        int written = 0;
        for (consumed = 0; consumed < raw.Length; consumed++)
        {
            byte value = raw[consumed];
            if (value < 0x80)
            {
                if (written == target.Length)
                {
                    break;
                }

                target[written++] = value;
            }
            else
            {
                if (written + 2 > target.Length)
                {
                    break;
                }

                target[written++] = (byte)(0xC0 | (value >> 6));
                target[written++] = (byte)(0x80 | (value & 0x3F));
            }
        }

        return written;
    }

    private static int DecodeUtf16(ReadOnlySpan<byte> raw, bool swap, Span<byte> target, bool moreFollows, out int consumed)
    {
        Span<char> block = stackalloc char[1024];
        int written = 0;
        consumed = 0;
        while (raw.Length - consumed >= sizeof(char))
        {
            ReadOnlySpan<char> source = MemoryMarshal.Cast<byte, char>(raw[consumed..]);
            bool last = source.Length <= block.Length;
            source = source[..Math.Min(source.Length, block.Length)];
            if (swap)
            {
                BinaryPrimitives.ReverseEndianness(
                    MemoryMarshal.Cast<char, ushort>(source), MemoryMarshal.Cast<char, ushort>(block));
            }

            Utf8.FromUtf16(swap ? block[..source.Length] : source, target[written..], out int chars, out int bytes, isFinalBlock: last && !moreFollows);
            consumed += chars * sizeof(char);
            written += bytes;
            if (chars == 0)
            {
                break;
            }
        }

        // Half a code unit at the very end of a file is no text.
        if (!moreFollows && raw.Length - consumed == 1 && written + 3 <= target.Length)
        {
            "\uFFFD"u8.CopyTo(target[written..]);
            written += 3;
            consumed++;
        }

        return written;
    }
}
