using IotOps.Defender.Readings;

namespace IotOps.Defender.Deltas;

/// <summary>
/// What went by since the last accepted report. Each reading adds its steps to a running total, interface by interface; a report is the total
/// less what it was at the last accepted one. So a report that is lost is covered by the next, and a counter that is not comparable costs its
/// own step and nothing else.
/// </summary>
internal sealed class TrafficDeltas
{
    // No interface carries a petabyte between two readings: such a counter is another one than before.
    private const ulong MaxStep = 1_000_000_000_000_000;

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
        if (_hasLast)
        {
            for (int i = 0; i < now.Count; i++)
            {
                int before = _last.IndexOf(now[i].Name, guess: i);
                if (before >= 0)
                {
                    Add(_last[before], now[i]);
                }
            }
        }

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

    private void Add(in InterfaceCounters before, in InterfaceCounters now)
    {
        // When one counter went back (reset, wrapped at 32 bits, another device under the name), the others are not comparable either.
        if (TryStep(before.BytesIn, now.BytesIn, out long bytesIn)
            && TryStep(before.BytesOut, now.BytesOut, out long bytesOut)
            && TryStep(before.PacketsIn, now.PacketsIn, out long packetsIn)
            && TryStep(before.PacketsOut, now.PacketsOut, out long packetsOut))
        {
            Total = new NetworkStats(Total.BytesIn + bytesIn, Total.BytesOut + bytesOut, Total.PacketsIn + packetsIn, Total.PacketsOut + packetsOut);
        }
    }

    private static bool TryStep(ulong before, ulong now, out long step)
    {
        step = (long)(now - before);
        return now >= before && now - before <= MaxStep;
    }
}
