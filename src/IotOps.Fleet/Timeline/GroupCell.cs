namespace IotOps.Fleet.Timeline;

/// <summary>A group in a bucket.</summary>
internal sealed class GroupCell
{
    public int Errors { get; set; }

    /// <summary>Null where there were too many groups.</summary>
    public GroupDetails? Details { get; set; }
}
