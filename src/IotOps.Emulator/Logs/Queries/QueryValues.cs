using System.Globalization;

namespace IotOps.Emulator.Logs.Queries;

/// <summary>Compares texts as numbers where both are numbers.</summary>
internal sealed class QueryValues : IComparer<string?>
{
    public static QueryValues Order { get; } = new();

    public static bool IsNumber(string? text, out double number) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);

    public static string Text(double number) => number.ToString("0.##########", CultureInfo.InvariantCulture);

    public int Compare(string? x, string? y) => IsNumber(x, out double left) && IsNumber(y, out double right)
        ? left.CompareTo(right)
        : string.CompareOrdinal(x, y);
}
