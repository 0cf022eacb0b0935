using System.Globalization;

namespace IotOps.Samples.FleetConsole.Charts;

/// <summary>Where values and times lie in a chart.</summary>
/// <param name="Top">The value at the top; a round number.</param>
/// <param name="Height">The plot's height in pixels.</param>
internal readonly record struct Axis(double Top, double Height)
{
    private static readonly int[] Steps = [1, 2, 5, 10];
    private static readonly int[] TickMinutes = [1, 2, 5, 10, 15, 30, 60, 120, 240, 360, 720, 1_440, 2_880, 10_080];

    /// <summary>An axis for values up to <paramref name="max"/>: each third of it is 1, 2 or 5 times a power of ten.</summary>
    public static Axis For(double max, double height)
    {
        double third = Math.Max(1, max / 3);
        double power = Math.Pow(10, Math.Floor(Math.Log10(third)));
        double step = Steps.Select(factor => factor * power).First(candidate => candidate >= third);
        return new Axis(step * 3, height);
    }

    /// <summary>The values with a line: 0, a third, two thirds, the top.</summary>
    public IEnumerable<double> Lines
    {
        get
        {
            double top = Top;
            return Enumerable.Range(0, 4).Select(i => top * i / 3);
        }
    }

    /// <summary>Pixels from the top.</summary>
    public double Y(double value) => Height - HeightOf(value);

    /// <summary>Pixels that a value is high.</summary>
    public double HeightOf(double value) => Math.Clamp(value / Top, 0, 1) * Height;

    public static string Px(double value) => value.ToString("0.0", CultureInfo.InvariantCulture);

    public static string Percent(double share) => (share * 100).ToString("0.000", CultureInfo.InvariantCulture) + "%";

    /// <summary>Times for labels: round ones, at most twelve of them.</summary>
    public static IEnumerable<DateTimeOffset> Ticks(DateTimeOffset since, DateTimeOffset until)
    {
        double minutes = (until - since).TotalMinutes;
        int step = TickMinutes.FirstOrDefault(candidate => minutes / candidate <= 12, 43_200);
        long ticks = TimeSpan.FromMinutes(step).Ticks;
        for (var at = new DateTimeOffset((since.UtcTicks + ticks - 1) / ticks * ticks, TimeSpan.Zero); at < until; at = at.AddTicks(ticks))
        {
            yield return at;
        }
    }

    /// <summary>A tick's label: the time, or the day where a day begins.</summary>
    public static string TickText(DateTimeOffset at, TimeSpan length) =>
        at.UtcDateTime.ToString(length > TimeSpan.FromDays(2) || (length > TimeSpan.FromHours(12) && at.UtcDateTime.TimeOfDay == TimeSpan.Zero) ? "MMM dd" : "HH:mm", CultureInfo.InvariantCulture);
}
