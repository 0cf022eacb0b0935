using System.Globalization;

namespace IotOps.Shared;

/// <summary>Amounts of bytes as people write them: a number and a unit.</summary>
internal static class ByteSize
{
    /// <summary>What a message shows.</summary>
    public const string Examples = "'4096', '256KiB', '64MiB' or '1GiB'";

    private static readonly (string Unit, long Bytes)[] Units =
    [
        ("TiB", 1L << 40), ("GiB", 1L << 30), ("MiB", 1L << 20), ("KiB", 1L << 10),
        ("TB", 1_000_000_000_000), ("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1_000), ("B", 1),
    ];

    /// <summary>Reads <c>4096</c>, <c>64MiB</c>, <c>1.5GiB</c>, <c>500kB</c>: never negative, and whole bytes only.</summary>
    public static bool TryParse(string text, out long bytes)
    {
        (string Unit, long Bytes) unit = Array.Find(Units, known => text.EndsWith(known.Unit, StringComparison.OrdinalIgnoreCase));
        string number = unit.Unit is null ? text : text[..^unit.Unit.Length].TrimEnd();
        bytes = 0;
        if (!decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal amount)
            || amount > (decimal)long.MaxValue / Math.Max(1, unit.Bytes))
        {
            return false;
        }

        amount *= Math.Max(1, unit.Bytes);
        bytes = (long)amount;
        return amount == bytes;
    }

    /// <summary>The shortest text that reads as this amount.</summary>
    public static string Format(long bytes)
    {
        (string Unit, long Bytes) unit = Array.Find(Units, known => known.Unit.EndsWith("iB", StringComparison.Ordinal) && bytes >= known.Bytes && bytes % known.Bytes == 0);
        return unit.Unit is null ? bytes.ToString(CultureInfo.InvariantCulture) : $"{bytes / unit.Bytes}{unit.Unit}";
    }
}
