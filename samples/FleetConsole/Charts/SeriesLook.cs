namespace IotOps.Samples.FleetConsole.Charts;

/// <summary>How a series is told apart beside its colour.</summary>
internal static class SeriesLook
{
    /// <summary>The pattern over a series' bars; null for none.</summary>
    /// <param name="series">Its place, from 0.</param>
    public static string? Texture(int series) => series switch { 1 => "dots", 2 => "rows", 3 => "cols", _ => null };
}
