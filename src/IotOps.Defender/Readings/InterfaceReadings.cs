namespace IotOps.Defender.Readings;

/// <summary>The counters of all interfaces that count, in the system's order, in memory that is kept.</summary>
internal sealed class InterfaceReadings
{
    private InterfaceCounters[] _counters = new InterfaceCounters[8];

    public int Count { get; private set; }

    public ref readonly InterfaceCounters this[int index] => ref _counters[index];

    public void Clear() => Count = 0;

    public void Add(in InterfaceCounters counters)
    {
        if (Count == _counters.Length)
        {
            Array.Resize(ref _counters, Count * 2);
        }

        _counters[Count++] = counters;
    }

    public void Replace(int index, in InterfaceCounters counters) => _counters[index] = counters;

    /// <summary>Whether one of them has the system's number.</summary>
    public bool HasIndex(int index)
    {
        for (int i = 0; i < Count; i++)
        {
            if (_counters[i].Index == index)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Where an interface is; -1 when it is not. The guess is looked at first: the system's order rarely changes.</summary>
    public int IndexOf(string name, int guess)
    {
        if (guess < Count && _counters[guess].Name == name)
        {
            return guess;
        }

        for (int i = 0; i < Count; i++)
        {
            if (_counters[i].Name == name)
            {
                return i;
            }
        }

        return -1;
    }

    public InterfaceCounters[] ToArray() => _counters.AsSpan(0, Count).ToArray();
}
