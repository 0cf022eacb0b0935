using System.Buffers.Text;

namespace IotOps.Defender.Linux;

/// <summary>An IPv4 address in dotted form.</summary>
internal static class Ipv4Text
{
    /// <summary>False when the text is anything else than four numbers of 0-255 between dots.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out uint address)
    {
        address = 0;
        for (int part = 0; part < 4; part++)
        {
            if (part > 0)
            {
                if (text.IsEmpty || text[0] != '.')
                {
                    return false;
                }

                text = text[1..];
            }

            if (text.IsEmpty || !char.IsAsciiDigit((char)text[0]) || !Utf8Parser.TryParse(text, out byte value, out int digits))
            {
                return false;
            }

            address = (address << 8) | value;
            text = text[digits..];
        }

        return text.IsEmpty;
    }
}
