using IotOps.Defender.Readings;

namespace IotOps.Defender.Deltas;

/// <summary>The last counters of interfaces that are no longer there. Bounded: a host of containers makes ever new names.</summary>
internal sealed class DepartedInterfaces
{
    private const int Limit = 256;

    private readonly List<InterfaceCounters> _interfaces = [];

    /// <summary>Remembers those that have gone since the reading before, and forgets those that are back.</summary>
    public void Update(InterfaceReadings before, InterfaceReadings now)
    {
        for (int i = _interfaces.Count - 1; i >= 0; i--)
        {
            if (now.IndexOf(_interfaces[i].Name, guess: 0) >= 0)
            {
                _interfaces.RemoveAt(i);
            }
        }

        for (int i = 0; i < before.Count; i++)
        {
            if (now.IndexOf(before[i].Name, guess: i) < 0)
            {
                if (_interfaces.Count == Limit)
                {
                    _interfaces.RemoveAt(0);
                }

                _interfaces.Add(before[i]);
            }
        }
    }

    public bool TryFind(string name, out InterfaceCounters counters)
    {
        foreach (InterfaceCounters each in _interfaces)
        {
            if (each.Name == name)
            {
                counters = each;
                return true;
            }
        }

        counters = default;
        return false;
    }
}
