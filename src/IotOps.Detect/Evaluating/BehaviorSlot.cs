using IotOps.Defender;

namespace IotOps.Detect.Evaluating;

/// <summary>How a thing stands with one behavior.</summary>
internal sealed class BehaviorSlot(ulong key)
{
    public ulong Key => key;

    public BehaviorState State;

    /// <summary>The alarm while it is on.</summary>
    public RaisedAlarm? Alarm { get; set; }

    /// <summary>The first five minutes that the thing was held to the behavior; 0 for all that are not judged yet.</summary>
    public long FirstBucket { get; set; }

    /// <summary>Whether it says something even as the default: of a behavior of the cloud's, that it is not a new one.</summary>
    public bool IsKept { get; set; }

    public bool IsDefault => Alarm is null && State == default;
}
