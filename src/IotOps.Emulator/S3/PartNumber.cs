using System.Globalization;

namespace IotOps.Emulator.S3;

/// <summary>The number of a part in a query.</summary>
internal static class PartNumber
{
    public const int Max = 10_000;

    /// <exception cref="Http.Refusal">It is no number from 1 to 10,000.</exception>
    public static int Parse(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number is >= 1 and <= Max
            ? number
            : throw S3Errors.InvalidArgument("partNumber", text, "Part number must be an integer between 1 and 10000, inclusive");
}
