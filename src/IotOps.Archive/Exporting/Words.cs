using System.Globalization;

namespace IotOps.Archive.Exporting;

/// <summary>Counted things.</summary>
internal static class Words
{
    public static string Count(long count, string one, string many) => string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? one : many)}");
}
