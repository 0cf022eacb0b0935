using System.Buffers;
using System.Text;

namespace IotOps.Aws.Signing;

/// <summary>RFC 3986 percent-encoding as SigV4 wants it: all but the unreserved characters, upper-case hex.</summary>
internal static class PercentEncoding
{
    private static readonly SearchValues<byte> Unreserved =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"u8);

    private static readonly SearchValues<byte> UnreservedAndSlash =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/"u8);

    public static string EncodePath(string path) => Encode(path, UnreservedAndSlash);

    public static string EncodeQuery(string value) => Encode(value, Unreserved);

    public static void AppendPath(ref Utf8Buffer target, ReadOnlySpan<byte> path) => Append(ref target, path, UnreservedAndSlash);

    public static void AppendQuery(ref Utf8Buffer target, ReadOnlySpan<byte> value) => Append(ref target, value, Unreserved);

    /// <summary>Encodes a path in which some characters are percent-encoded already; those escapes stay as they are.</summary>
    public static void AppendUnencoded(ref Utf8Buffer target, ReadOnlySpan<byte> path)
    {
        while (true)
        {
            int percent = path.IndexOf((byte)'%');
            if (percent < 0)
            {
                AppendPath(ref target, path);
                return;
            }

            AppendPath(ref target, path[..percent]);
            path = path[percent..];
            int taken = StartsWithEscape(path) ? 3 : 1;
            target.Append(taken == 3 ? path[..3] : "%25"u8);
            path = path[taken..];
        }
    }

    /// <summary>Undoes percent-encoding; a percent sign that starts no escape stays.</summary>
    public static void AppendDecoded(ref Utf8Buffer target, ReadOnlySpan<byte> text)
    {
        while (true)
        {
            int percent = text.IndexOf((byte)'%');
            if (percent < 0)
            {
                target.Append(text);
                return;
            }

            target.Append(text[..percent]);
            text = text[percent..];
            if (StartsWithEscape(text))
            {
                target.Append((byte)((HexValue(text[1]) << 4) | HexValue(text[2])));
                text = text[3..];
            }
            else
            {
                target.Append((byte)'%');
                text = text[1..];
            }
        }
    }

    private static string Encode(string text, SearchValues<byte> safe)
    {
        var utf8 = new Utf8Buffer(text.Length * 3);
        var encoded = new Utf8Buffer(text.Length * 3);
        try
        {
            utf8.Append(text);
            Append(ref encoded, utf8.Written, safe);
            return Encoding.ASCII.GetString(encoded.Written);
        }
        finally
        {
            utf8.Dispose();
            encoded.Dispose();
        }
    }

    private static void Append(ref Utf8Buffer target, ReadOnlySpan<byte> text, SearchValues<byte> safe)
    {
        ReadOnlySpan<byte> hex = "0123456789ABCDEF"u8;
        while (true)
        {
            int unsafeAt = text.IndexOfAnyExcept(safe);
            if (unsafeAt < 0)
            {
                target.Append(text);
                return;
            }

            target.Append(text[..unsafeAt]);
            byte value = text[unsafeAt];
            target.Append([(byte)'%', hex[value >> 4], hex[value & 15]]);
            text = text[(unsafeAt + 1)..];
        }
    }

    private static bool StartsWithEscape(ReadOnlySpan<byte> text) =>
        text.Length >= 3 && char.IsAsciiHexDigit((char)text[1]) && char.IsAsciiHexDigit((char)text[2]);

    private static int HexValue(byte digit) =>
        digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;
}
