using System.Globalization;

namespace IotOps.Samples.FleetConsole.Store;

/// <summary>A row's place, for pages: its time and what tells it from others of that time.</summary>
/// <param name="Time">Milliseconds since 1970.</param>
/// <param name="Key">A hash of the row.</param>
public readonly record struct LineKey(long Time, long Key)
{
    /// <summary>Reads what <see cref="ToString"/> wrote, out of a link; null when it is none.</summary>
    public static LineKey? Parse(string? text)
    {
        string[] parts = (text ?? "").Split('.');
        return parts.Length == 2
            && long.TryParse(parts[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long time)
            && long.TryParse(parts[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long key)
            ? new LineKey(time, key)
            : null;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Time}.{Key}");
}
