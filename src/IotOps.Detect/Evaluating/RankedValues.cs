namespace IotOps.Detect.Evaluating;

/// <summary>Rounded values of a whole fleet, with how many there are up to each.</summary>
internal sealed class RankedValues
{
    private readonly int[] _keys;
    private readonly long[] _upTo;

    public RankedValues(List<(int Key, long Count)> sorted)
    {
        _keys = new int[sorted.Count];
        _upTo = new long[sorted.Count];
        for (int i = 0; i < sorted.Count; i++)
        {
            Total += sorted[i].Count;
            (_keys[i], _upTo[i]) = (sorted[i].Key, Total);
        }
    }

    public long Total { get; }

    /// <summary>The value of nearest rank: the smallest that at least so many percent of all do not exceed.</summary>
    public double Percentile(double percent)
    {
        long rank = Math.Clamp((long)Math.Ceiling(percent / 100 * Total), 1, Total);
        int at = Array.BinarySearch(_upTo, rank);
        return SketchKeys.Value(_keys[at < 0 ? ~at : at]);
    }
}
