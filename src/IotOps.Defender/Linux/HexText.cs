namespace IotOps.Defender.Linux;

/// <summary>Hexadecimal digits of fixed number.</summary>
internal static class HexText
{
    /// <summary>Reads so many digits at a place and moves behind them; false when they are not all there.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, ref int at, int digits, out uint value)
    {
        value = 0;
        if (text.Length - at < digits)
        {
            return false;
        }

        foreach (byte c in text.Slice(at, digits))
        {
            int digit = c - '0';
            if ((uint)digit > 9)
            {
                digit = (c | 0x20) - 'a' + 10;
                if (digit is < 10 or > 15)
                {
                    return false;
                }
            }

            value = (value << 4) | (uint)digit;
        }

        at += digits;
        return true;
    }
}
