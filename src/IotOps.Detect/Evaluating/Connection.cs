namespace IotOps.Detect.Evaluating;

/// <summary>Whether a thing's client is connected, and since when.</summary>
internal struct Connection
{
    // The guide says that version numbers begin again "after about an hour"; the clocks of two events differ by up to two minutes.
    private const long ResetAfter = 50 * 60_000;
    private const long ClockDifference = 2 * 60_000;

    public bool IsKnown { get; set; }

    public bool IsConnected { get; set; }

    public long Version { get; set; }

    /// <summary>When it connected or disconnected, in milliseconds.</summary>
    public long Since { get; set; }

    /// <summary>Takes an event in its order: by version, and within a version connected before disconnected. What is older changes nothing.</summary>
    public void Apply(in ConnectionChange change)
    {
        if (IsKnown)
        {
            bool isReset = change.Version < Version && change.IsConnect && !IsConnected && change.Time - Since >= ResetAfter;
            bool isNext = change.Version > Version || (change.Version == Version && !change.IsConnect && IsConnected);

            // A higher number with an earlier time is of before the numbers began again.
            if (!isReset && (!isNext || change.Time < Since - ClockDifference))
            {
                return;
            }
        }

        (IsKnown, IsConnected, Version, Since) = (true, change.IsConnect, change.Version, change.Time);
    }
}
