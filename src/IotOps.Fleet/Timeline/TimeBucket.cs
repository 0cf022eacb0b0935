namespace IotOps.Fleet.Timeline;

/// <summary>A bucket's groups by their numbers.</summary>
internal sealed class TimeBucket
{
    public Dictionary<int, GroupCell> Groups { get; } = [];

    public long Errors { get; set; }
}
