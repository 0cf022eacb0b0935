using IotOps.Defender;

namespace IotOps.Detect.Evaluating;

/// <summary>How a thing stands with one behavior.</summary>
internal sealed class BehaviorSlot(ulong key)
{
    public ulong Key => key;

    public BehaviorState State;

    /// <summary>The alarm while it is on.</summary>
    public RaisedAlarm? Alarm { get; set; }

    public bool IsDefault => Alarm is null && State == default;
}
