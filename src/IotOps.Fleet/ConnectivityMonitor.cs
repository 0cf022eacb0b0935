using IotOps.Fleet.Connectivity;

namespace IotOps.Fleet;

/// <summary>
/// Finds what is unusual about the connections of a fleet: client ids that are used twice, new credentials and addresses, bursts of refusals, many
/// clients lost at once, and clients or segments that disconnect more often than they do at this time of day, by 14 days of their own past.
/// <para>
/// A client that disconnects rarely takes at most 512 bytes, any client at most 2 KB. Give it events in about their order, each once:
/// those that <see cref="ConnectionTracker.Apply(LifecycleEvent)"/> applied, and connect_failed.
/// </para>
/// For one thread at a time.
/// </summary>
public sealed class ConnectivityMonitor
{
    private readonly ConnectivityMonitorOptions _options;
    private readonly Dictionary<string, WatchedClient> _clients = new(StringComparer.Ordinal);
    private readonly SeasonalProfile[] _segments;
    private readonly int[] _alarmedSegments;
    private readonly DropWatch _drops;
    private int _connected;

    /// <summary>Makes a monitor that knows nobody.</summary>
    /// <exception cref="ArgumentException">An option cannot be.</exception>
    public ConnectivityMonitor(ConnectivityMonitorOptions? options = null)
    {
        _options = options ?? new ConnectivityMonitorOptions();
        ArgumentOutOfRangeException.ThrowIfGreaterThan(_options.Segments.Count, 64, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.PingPongs, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.AuthenticationErrors, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.DropClients, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.MaxClients, 1, nameof(options));
        _segments = [.. _options.Segments.Select(_ => new SeasonalProfile())];
        _alarmedSegments = [.. _options.Segments.Select(_ => -1)];
        _drops = new DropWatch(_options);
    }

    /// <summary>Clients that are watched.</summary>
    public int Clients => _clients.Count;

    /// <summary>Events of clients beyond <see cref="ConnectivityMonitorOptions.MaxClients"/>.</summary>
    public long Unwatched { get; private set; }

    /// <summary>Says what a thing is, for the segments; the client whose id is the thing's name belongs to it. Again when it changes.</summary>
    public void Update(FleetThing thing)
    {
        ArgumentNullException.ThrowIfNull(thing);
        if (Client(thing.Name) is { } client)
        {
            client.Segments = 0;
            for (int i = 0; i < _segments.Length; i++)
            {
                client.Segments |= _options.Segments[i].Query.Matches(thing) ? 1UL << i : 0;
            }
        }
    }

    /// <summary>Looks at an event.</summary>
    /// <returns>What is unusual about it; mostly nothing.</returns>
    public IReadOnlyList<ConnectivityAlarm> Add(LifecycleEvent lifecycleEvent)
    {
        ArgumentNullException.ThrowIfNull(lifecycleEvent);
        if (lifecycleEvent.Kind is LifecycleEventKind.Subscribed or LifecycleEventKind.Unsubscribed || Client(lifecycleEvent.ClientId) is not { } client)
        {
            return [];
        }

        List<ConnectivityAlarm> alarms = [];
        switch (lifecycleEvent.Kind)
        {
            case LifecycleEventKind.Connected:
                Connect(client, lifecycleEvent, alarms);
                break;
            case LifecycleEventKind.Disconnected:
                Disconnect(client, lifecycleEvent, alarms);
                break;
            default:
                Refuse(client, lifecycleEvent.ClientId, lifecycleEvent.Time, alarms);
                break;
        }

        return alarms;
    }

    /// <summary>Counts a refusal that no lifecycle event tells: a Connection.AuthNError of the IoT logs.</summary>
    /// <returns>The alarm, when it is one too many.</returns>
    public IReadOnlyList<ConnectivityAlarm> AddAuthenticationError(string clientId, DateTimeOffset time)
    {
        ArgumentException.ThrowIfNullOrEmpty(clientId);
        List<ConnectivityAlarm> alarms = [];
        if (Client(clientId) is { } client)
        {
            Refuse(client, clientId, time, alarms);
        }

        return alarms;
    }

    private void Connect(WatchedClient client, LifecycleEvent one, List<ConnectivityAlarm> alarms)
    {
        _connected += client.IsConnected ? 0 : 1;
        client.IsConnected = true;
        if (client.Principals.IsNew(one.Principal))
        {
            alarms.Add(new ConnectivityAlarm(ConnectivityAlarmKind.NewPrincipal, one.Time, one.ClientId, $"it connected as {one.Principal}, which it never did before") { Count = 1 });
        }

        if (client.Addresses.IsNew(one.IPAddress) && _options.WatchAddresses)
        {
            alarms.Add(new ConnectivityAlarm(ConnectivityAlarmKind.NewAddress, one.Time, one.ClientId, $"it connected from {one.IPAddress}, which it never did before") { Count = 1 });
        }
    }

    private void Disconnect(WatchedClient client, LifecycleEvent one, List<ConnectivityAlarm> alarms)
    {
        _connected -= client.IsConnected ? 1 : 0;
        client.IsConnected = false;
        if (one.DisconnectReason is "DUPLICATE_CLIENTID" or "DUPLICATE_CLIENT_ID" && client.PingPongs.Add(one.Time, _options.BurstWindow, _options.PingPongs))
        {
            alarms.Add(new ConnectivityAlarm(
                ConnectivityAlarmKind.ClientIdPingPong, one.Time, one.ClientId, $"another connection with its client id put it out {_options.PingPongs} times within {_options.BurstWindow.TotalMinutes:0.#} minutes")
            { Count = _options.PingPongs });
        }

        if (one.DisconnectReason is "AUTH_ERROR" or "FORBIDDEN_ACCESS")
        {
            Refuse(client, one.ClientId, one.Time, alarms);
        }

        if (!one.IsClientInitiated && _drops.Lose(one.ClientId, one.Time, _connected) is { } drop)
        {
            alarms.Add(drop);
        }

        bool isCovered = _drops.Covers(one.ClientId, one.Time);
        if (client.Disconnects.Add(one.Time) && client.AlarmedBucket != client.Disconnects.Bucket && !isCovered
            && Unusual(client.Disconnects, ConnectivityAlarmKind.Disconnects, one.ClientId, one.Time) is { } alarm)
        {
            client.AlarmedBucket = client.Disconnects.Bucket;
            alarms.Add(alarm);
        }

        for (int i = 0; i < _segments.Length; i++)
        {
            if ((client.Segments & (1UL << i)) != 0 && _segments[i].Add(one.Time) && _alarmedSegments[i] != _segments[i].Bucket && !isCovered
                && Unusual(_segments[i], ConnectivityAlarmKind.SegmentDisconnects, _options.Segments[i].Name, one.Time) is { } segment)
            {
                _alarmedSegments[i] = _segments[i].Bucket;
                alarms.Add(segment);
            }
        }
    }

    private void Refuse(WatchedClient client, string clientId, DateTimeOffset time, List<ConnectivityAlarm> alarms)
    {
        if (client.Refusals.Add(time, _options.BurstWindow, _options.AuthenticationErrors))
        {
            alarms.Add(new ConnectivityAlarm(
                ConnectivityAlarmKind.AuthenticationErrors, time, clientId, $"it was refused {_options.AuthenticationErrors} times within {_options.BurstWindow.TotalMinutes:0.#} minutes")
            { Count = _options.AuthenticationErrors });
        }
    }

    private ConnectivityAlarm? Unusual(SeasonalProfile profile, ConnectivityAlarmKind kind, string subject, DateTimeOffset time)
    {
        double expected = profile.Expected();
        double probability = Poisson.Tail(profile.Count, expected);
        return probability >= _options.Probability ? null : new ConnectivityAlarm(
            kind, time, subject, $"{profile.Count} disconnects within 5 minutes, {expected:0.###} expected at this time of day: by chance with probability {probability:0.0e+0}")
        {
            Count = profile.Count,
            Expected = expected,
            Probability = probability,
        };
    }

    private WatchedClient? Client(string id)
    {
        if (_clients.TryGetValue(id, out WatchedClient? client))
        {
            return client;
        }

        if (_clients.Count >= _options.MaxClients)
        {
            Unwatched++;
            return null;
        }

        client = new WatchedClient();
        _clients.Add(id, client);
        return client;
    }
}
