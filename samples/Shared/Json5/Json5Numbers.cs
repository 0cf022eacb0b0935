using System.Globalization;

namespace IotOps.Samples.Json5;

/// <summary>Decimal and hexadecimal numbers, NaN and the infinities.</summary>
internal static class Json5Numbers
{
    public static (string Text, double Value) Read(Json5Scanner scanner)
    {
        int start = scanner.Position;
        bool negative = scanner.Current == '-';
        if (scanner.Current is '+' or '-')
        {
            scanner.Take();
        }

        double value = scanner.TryTakeWord("Infinity") ? double.PositiveInfinity
            : scanner.TryTakeWord("NaN") ? double.NaN
            : ReadDigits(scanner);

        if (char.IsLetterOrDigit(scanner.Current) || scanner.Current is '_' or '$' or '.')
        {
            throw scanner.Error($"{scanner.Here()} does not belong to a number");
        }

        return (scanner.Since(start), negative ? -value : value);
    }

    private static double ReadDigits(Json5Scanner scanner)
    {
        int start = scanner.Position;
        int whole = SkipDigits(scanner);
        if (whole == 1 && scanner.Since(start) == "0")
        {
            if (scanner.Current is 'x' or 'X')
            {
                return ReadHexadecimal(scanner);
            }
        }
        else if (whole > 1 && scanner.Since(start)[0] == '0')
        {
            throw scanner.Error("a number may not begin with a zero and more digits: octal is not JSON5");
        }

        int fraction = 0;
        if (scanner.Current == '.')
        {
            scanner.Take();
            fraction = SkipDigits(scanner);
        }

        if (whole + fraction == 0)
        {
            throw scanner.Error($"expected a digit, found {scanner.Here()}");
        }

        if (scanner.Current is 'e' or 'E')
        {
            scanner.Take();
            if (scanner.Current is '+' or '-')
            {
                scanner.Take();
            }

            if (SkipDigits(scanner) == 0)
            {
                throw scanner.Error($"expected a digit of the exponent, found {scanner.Here()}");
            }
        }

        return double.Parse(scanner.Since(start), NumberStyles.Float, CultureInfo.InvariantCulture);
    }

    private static double ReadHexadecimal(Json5Scanner scanner)
    {
        scanner.Take();
        if (!char.IsAsciiHexDigit(scanner.Current))
        {
            throw scanner.Error($"expected a hexadecimal digit, found {scanner.Here()}");
        }

        double value = 0;
        while (char.IsAsciiHexDigit(scanner.Current))
        {
            value = (value * 16) + Convert.ToInt32(scanner.Take().ToString(), 16);
        }

        return value;
    }

    private static int SkipDigits(Json5Scanner scanner)
    {
        int count = 0;
        for (; char.IsAsciiDigit(scanner.Current); count++)
        {
            scanner.Take();
        }

        return count;
    }
}
