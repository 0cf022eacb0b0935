using IotOps.Defender.Readings;

namespace IotOps.Defender.Deltas;

/// <summary>
/// What went by since the last accepted report. Each reading adds its steps to a running total, interface by interface; a report is the total
/// less what it was at the last accepted one. So a report that is lost is covered by the next, and a counter that is not comparable costs its
/// own step and nothing else.
/// </summary>
internal sealed class TrafficDeltas
{
    private readonly DepartedInterfaces _departed = new();
    private InterfaceReadings _last = new();
    private InterfaceReadings _spare = new();
    private bool _hasLast;
    private NetworkStats? _accepted;
    private long _acceptedNumber;

    /// <summary>All that was seen going by, since this began or since what it was restored to.</summary>
    public NetworkStats Total { get; private set; }

    /// <summary>The same since the last accepted report; null before the first.</summary>
    public NetworkStats? SinceAccepted => _accepted is not { } accepted ? null : new NetworkStats(
        Total.BytesIn - accepted.BytesIn,
        Total.BytesOut - accepted.BytesOut,
        Total.PacketsIn - accepted.PacketsIn,
        Total.PacketsOut - accepted.PacketsOut);

    /// <summary>Goes on from the counters of a report accepted before; null begins anew.</summary>
    public void Restore(InterfaceReadings? accepted)
    {
        if (accepted is not null)
        {
            _last = accepted;
            _hasLast = true;
            _accepted = Total;
        }
    }

    public void Add(InterfaceReadings now)
    {
        for (int i = 0; _hasLast && i < now.Count; i++)
        {
            if (!now[i].IsCovered && Step(now[i], guess: i) is { } step)
            {
                Total = new NetworkStats(Total.BytesIn + step.BytesIn, Total.BytesOut + step.BytesOut, Total.PacketsIn + step.PacketsIn, Total.PacketsOut + step.PacketsOut);
            }
        }

        _departed.Update(_last, now);
        _spare.Clear();
        for (int i = 0; i < now.Count; i++)
        {
            _spare.Add(now[i]);
        }

        (_last, _spare) = (_spare, _last);
        _hasLast = true;
    }

    /// <summary>False when the sample says nothing of traffic, or one at least as new was accepted already.</summary>
    public bool Accept(MetricsSample sample)
    {
        if (sample.Traffic is null || sample.Number <= _acceptedNumber)
        {
            return false;
        }

        _accepted = sample.Traffic;
        _acceptedNumber = sample.Number;
        return true;
    }

    // Null when there is nothing to compare with: an interface seen for the first time may be an old one under another name.
    private NetworkStats? Step(in InterfaceCounters now, int guess)
    {
        int at = _last.IndexOf(now.Name, guess);
        bool isBack = false;
        InterfaceCounters before;
        if (at >= 0)
        {
            before = _last[at];
        }
        else if (_departed.TryFind(now.Name, out before))
        {
            isBack = true;
        }
        else
        {
            return null;
        }

        // A modem that was plugged in again, or resets itself, is a new interface under the old name, and its counters began at zero.
        bool isNumbered = before.Index > 0 && now.Index > 0;
        bool isNew = isNumbered ? before.Index != now.Index && !_last.HasIndex(now.Index) : isBack;
        return CounterSteps.Between(isNew ? default : before, now);
    }
}
