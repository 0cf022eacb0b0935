namespace IotOps.Defender.Rules;

/// <summary>
/// Turns reports into datapoints: one each, or one for every so many seconds. Such windows follow each other without overlap, so that
/// "three datapoints in a row" are three times the duration.
/// </summary>
internal sealed class DatapointWindow(TimeSpan duration, bool addsUp)
{
    private TimeSpan _elapsed;
    private double _sum;
    private bool _open;

    /// <summary>Adds a report's number, and returns the datapoint when the window closes with it.</summary>
    /// <param name="number">What the report says.</param>
    /// <param name="sinceLast">Time since the report before; null for the first.</param>
    public double? Add(double number, TimeSpan? sinceLast)
    {
        if (duration == TimeSpan.Zero)
        {
            return number;
        }

        if (sinceLast is not { } period || !_open)
        {
            // What the first report counts came before the window.
            _open = true;
            return null;
        }

        _elapsed += period;
        _sum += number;

        // Reports come with jitter: the window closes with the report that is nearest to its end.
        if (_elapsed + (period / 2) < duration)
        {
            return null;
        }

        double datapoint = addsUp ? _sum : number;
        (_elapsed, _sum) = (TimeSpan.Zero, 0);
        return datapoint;
    }
}
