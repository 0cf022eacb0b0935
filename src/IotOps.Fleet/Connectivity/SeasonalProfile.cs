namespace IotOps.Fleet.Connectivity;

/// <summary>
/// How often something happens in each 5 minutes of the day. The expectation is the mean of the same 5 minutes and their two neighbours over 14
/// days. What happens rarely is kept exactly, as a list of 2 bytes each; beyond 112 entries as a mean a slot, of which each day is 2/15: as if over
/// 14 days, in 576 bytes for any rate.
/// </summary>
internal sealed class SeasonalProfile
{
    public const int SlotSeconds = 300;
    public const int Slots = 288;
    public const int Days = 14;

    private const int MostEntries = 112;
    private const int EntryStep = 16;
    private const int MostCount = 15;
    private const double Weight = 2.0 / (Days + 1);

    // Nothing seen in 42 slots is not proof of never: half an event is assumed.
    private const double Assumed = 0.5;

    // Twelve bits for the 5 minutes, counted from the base, and four for how often.
    private ushort[] _entries = [];
    private int _base;
    private int _used;
    private Half[]? _means;
    private int _first = -1;
    private int _closed;

    /// <summary>The 5 minutes that are counted now.</summary>
    public int Bucket { get; private set; } = -1;

    /// <summary>How often it happened in them.</summary>
    public int Count { get; private set; }

    /// <summary>Counts an event.</summary>
    /// <returns>False for one of earlier 5 minutes, which only helps the expectation.</returns>
    public bool Add(DateTimeOffset time)
    {
        int bucket = (int)Math.Clamp(time.ToUnixTimeSeconds() / SlotSeconds, 0, int.MaxValue / 4);
        if (bucket < Bucket)
        {
            Note(bucket, 1);
            return false;
        }

        if (bucket > Bucket)
        {
            MoveTo(bucket);
        }

        Count++;
        return true;
    }

    /// <summary>How often it is expected in the 5 minutes that are counted now.</summary>
    public double Expected()
    {
        int slot = Bucket % Slots;
        int days = Math.Clamp((Bucket - _first) / Slots, 1, Days);
        if (_means is null)
        {
            double sum = 0;
            for (int i = 0; i < _used; i++)
            {
                int bucket = _base + (_entries[i] >> 4);
                int apart = Math.Abs((bucket % Slots) - slot);
                sum += bucket < Bucket && (apart <= 1 || apart == Slots - 1) ? _entries[i] & MostCount : 0;
            }

            return (sum + Assumed) / (3 * days);
        }

        double seen = 1 - Math.Pow(1 - Weight, Math.Max(1, (Bucket - _first) / Slots));
        double mean = ((double)_means[slot] + (double)_means[(slot + 1) % Slots] + (double)_means[(slot + Slots - 1) % Slots]) / (3 * seen);
        return mean + (Assumed / (3 * Days));
    }

    private void MoveTo(int bucket)
    {
        if (Bucket < 0)
        {
            _first = bucket;
        }
        else
        {
            Note(Bucket, Count);
        }

        Bucket = bucket;
        Count = 0;
        Close(bucket);
    }

    // Slots that passed meanwhile had nothing. After a gap of several windows nothing is left to decay.
    private void Close(int bucket)
    {
        if (_means is null)
        {
            Forget(bucket);
            return;
        }

        int from = Math.Max(_closed, bucket - (4 * Days * Slots));
        for (int passed = from; passed < bucket; passed++)
        {
            _means[passed % Slots] = (Half)((double)_means[passed % Slots] * (1 - Weight));
        }

        _closed = Math.Max(_closed, bucket);
    }

    private void Note(int bucket, int count)
    {
        if (count == 0)
        {
            return;
        }

        if (_means is not null)
        {
            // The slot's own decay for that day comes with Close, so what is added is weighted as if it had come.
            int slot = bucket % Slots;
            double added = Weight * count / (bucket >= _closed ? 1 - Weight : 1);
            _means[slot] = (Half)((double)_means[slot] + added);
            return;
        }

        if (bucket < _base)
        {
            return;
        }

        int offset = bucket - _base;
        int at = Array.FindIndex(_entries, 0, _used, entry => entry >> 4 == offset);
        int total = count + (at >= 0 ? _entries[at] & MostCount : 0);
        if (total > MostCount || (at < 0 && _used == MostEntries))
        {
            Decay();
            Note(bucket, count);
            return;
        }

        if (at < 0)
        {
            if (_used == _entries.Length)
            {
                Array.Resize(ref _entries, _used + EntryStep);
            }

            at = _used++;
        }

        _entries[at] = (ushort)((offset << 4) | total);
    }

    private void Forget(int bucket)
    {
        int first = bucket - (Days * Slots) - 1;
        int moved = first - _base;
        if (moved <= 0)
        {
            return;
        }

        int kept = 0;
        for (int i = 0; i < _used; i++)
        {
            int offset = (_entries[i] >> 4) - moved;
            if (offset >= 0)
            {
                _entries[kept++] = (ushort)((offset << 4) | (_entries[i] & MostCount));
            }
        }

        _used = kept;
        _base = first;
    }

    // The exact window becomes means: each entry weighs as if the days since had decayed it.
    private void Decay()
    {
        _means = new Half[Slots];
        _closed = Bucket;
        for (int i = 0; i < _used; i++)
        {
            int bucket = _base + (_entries[i] >> 4);
            int slot = bucket % Slots;
            int days = Math.Max(0, (Bucket - 1 - bucket) / Slots);
            _means[slot] = (Half)((double)_means[slot] + (Weight * Math.Pow(1 - Weight, days) * (_entries[i] & MostCount)));
        }

        _entries = [];
        _used = 0;
    }
}
