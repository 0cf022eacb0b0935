using System.Text;

namespace IotOps.Archive.Records;

/// <summary>Values without quotes.</summary>
internal static class JsonWord
{
    /// <summary>True for a JSON number, and for what is written like one: <c>007</c>, <c>+1</c>, <c>.5</c>.</summary>
    public static bool IsNumber(ReadOnlySpan<byte> word)
    {
        bool hasDigit = false;
        foreach (byte b in word)
        {
            if (char.IsAsciiDigit((char)b))
            {
                hasDigit = true;
            }
            else if (b is not ((byte)'+' or (byte)'-' or (byte)'.') && !(hasDigit && b is (byte)'e' or (byte)'E'))
            {
                return false;
            }
        }

        return hasDigit;
    }

    /// <summary>True for JSON's three words, and for numbers that JSON does not have, as Python, JavaScript and C print them.</summary>
    public static bool IsKnown(ReadOnlySpan<byte> word)
    {
        if (word.SequenceEqual("true"u8) || word.SequenceEqual("false"u8) || word.SequenceEqual("null"u8))
        {
            return true;
        }

        ReadOnlySpan<byte> name = word[0] is (byte)'-' or (byte)'+' ? word[1..] : word;
        return Ascii.EqualsIgnoreCase(name, "nan"u8) || Ascii.EqualsIgnoreCase(name, "infinity"u8) || Ascii.EqualsIgnoreCase(name, "inf"u8);
    }
}
