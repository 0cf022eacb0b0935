namespace IotOps.Fleet.Connectivity;

/// <summary>Sees many clients lost at once, as one thing.</summary>
internal sealed class DropWatch(ConnectivityMonitorOptions options)
{
    private readonly Queue<(string Client, DateTimeOffset Time)> _lost = new();
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);
    private readonly HashSet<string> _folded = new(StringComparer.Ordinal);
    private ConnectivityAlarm? _drop;
    private DateTimeOffset _last;

    /// <summary>Counts a client as lost.</summary>
    /// <param name="client">The client.</param>
    /// <param name="time">When it was lost.</param>
    /// <param name="connected">Clients that are connected, without it.</param>
    /// <returns>The alarm when it begins with this client; null before, and while it lasts.</returns>
    public ConnectivityAlarm? Lose(string client, DateTimeOffset time, int connected)
    {
        Pass(time);
        if (_drop is not null)
        {
            _last = time > _last ? time : _last;
            Fold(client);
            return null;
        }

        _lost.Enqueue((client, time));
        _counts[client] = _counts.GetValueOrDefault(client) + 1;
        int before = connected + _counts.Count;
        if (_counts.Count < options.DropClients || _counts.Count < options.DropShare * before)
        {
            return null;
        }

        _drop = new ConnectivityAlarm(
            ConnectivityAlarmKind.FleetDrop,
            time,
            null,
            $"{_counts.Count} of {before} connected clients were lost within {options.DropWindow.TotalMinutes:0.#} minutes")
        { Count = _counts.Count };
        _last = time;
        foreach (string one in _counts.Keys)
        {
            Fold(one);
        }

        _lost.Clear();
        _counts.Clear();
        return _drop;
    }

    /// <summary>Whether a client's alarms belong to a drop that lasts.</summary>
    public bool Covers(string client, DateTimeOffset time)
    {
        Pass(time);
        return _drop is not null && _folded.Contains(client);
    }

    // A drop lasts until nothing was lost for five windows: its clients come back in bursts, and are lost again.
    private void Pass(DateTimeOffset time)
    {
        if (_drop is not null && time - _last > 5 * options.DropWindow)
        {
            _drop = null;
            _folded.Clear();
        }

        while (_lost.TryPeek(out (string Client, DateTimeOffset Time) first) && time - first.Time > options.DropWindow)
        {
            _lost.Dequeue();
            if (--_counts[first.Client] == 0)
            {
                _counts.Remove(first.Client);
            }
        }
    }

    private void Fold(string client)
    {
        if (_folded.Add(client))
        {
            _drop!.Fold(client);
        }
    }
}
