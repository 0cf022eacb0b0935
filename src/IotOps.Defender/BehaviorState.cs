namespace IotOps.Defender;

/// <summary>How a device stands with one behavior. The default is that of a device that was not seen yet.</summary>
public record struct BehaviorState
{
    /// <summary>Whether its alarm is on.</summary>
    public bool IsInAlarm { get; set; }

    /// <summary>Violations in a row while all is well; normal datapoints in a row while in alarm.</summary>
    public int Streak { get; set; }

    /// <summary>How much of the current window of <see cref="BehaviorCriteria.Duration"/> has passed; null before the first report.</summary>
    public TimeSpan? Elapsed { get; set; }

    /// <summary>What was measured in the current window.</summary>
    public double Sum { get; set; }
}
