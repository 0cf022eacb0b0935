using System.Text;

namespace IotOps.Samples.Json5;

/// <summary>Strings in either quote, their escapes and line continuations.</summary>
internal static class Json5Strings
{
    public static string Read(Json5Scanner scanner)
    {
        (int line, int column) = scanner.Place;
        char quote = scanner.Take();
        var text = new StringBuilder();
        while (true)
        {
            // U+2028 and U+2029 may stand in a string unescaped, because they may in JSON.
            if (scanner.AtEnd || scanner.Current is '\n' or '\r')
            {
                throw new Json5Exception(line, column, "this string does not end on its line");
            }

            char c = scanner.Take();
            if (c == quote)
            {
                return text.ToString();
            }

            if (c == '\\')
            {
                ReadEscape(scanner, text);
            }
            else
            {
                text.Append(c);
            }
        }
    }

    public static char ReadHex(Json5Scanner scanner, int digits)
    {
        int value = 0;
        for (int i = 0; i < digits; i++)
        {
            if (!char.IsAsciiHexDigit(scanner.Current))
            {
                throw scanner.Error($"expected {digits} hexadecimal digits, found {scanner.Here()}");
            }

            value = (value << 4) | Convert.ToInt32(scanner.Take().ToString(), 16);
        }

        return (char)value;
    }

    private static void ReadEscape(Json5Scanner scanner, StringBuilder text)
    {
        if (scanner.AtEnd || scanner.Current is >= '1' and <= '9')
        {
            throw scanner.Error($"{scanner.Here()} may not follow a backslash");
        }

        char c = scanner.Take();
        switch (c)
        {
            case 'b': text.Append('\b'); break;
            case 'f': text.Append('\f'); break;
            case 'n': text.Append('\n'); break;
            case 'r': text.Append('\r'); break;
            case 't': text.Append('\t'); break;
            case 'v': text.Append('\v'); break;
            case 'x': text.Append(ReadHex(scanner, 2)); break;
            case 'u': text.Append(ReadHex(scanner, 4)); break;
            case '0' when !char.IsAsciiDigit(scanner.Current): text.Append('\0'); break;
            case '0': throw scanner.Error("octal escapes are not JSON5");
            case '\r' when scanner.Current == '\n': scanner.Take(); break;
            case '\n' or '\r' or '\u2028' or '\u2029': break;
            default: text.Append(c); break;
        }
    }
}
