namespace IotOps.Detect.Evaluating;

/// <summary>The datapoints of one thing that a statistical threshold of the fleet is made of, by day.</summary>
internal sealed class Sketch(ulong key)
{
    public ulong Key => key;

    /// <summary>The days that have datapoints, the oldest first.</summary>
    public List<SketchDay> Days { get; } = [];

    public void Add(int day, double value)
    {
        int at = Days.FindLastIndex(one => one.Day <= day);
        if (at < 0 || Days[at].Day != day)
        {
            Days.Insert(++at, new SketchDay(day));
        }

        Days[at].Add(value);
    }
}
