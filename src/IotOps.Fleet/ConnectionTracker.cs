using System.Runtime.CompilerServices;
using IotOps.Aws;
using IotOps.Fleet.Lifecycle;

namespace IotOps.Fleet;

/// <summary>
/// Which clients are connected, out of lifecycle events that come twice, late and in any order. They are ordered by their version numbers, never
/// by time; numbers that begin again after an hour offline are told from late events. A client that stays disconnected for
/// <see cref="ConnectionTrackerOptions.OfflineAfter"/> is reported once. It may be used by several threads.
/// </summary>
public sealed class ConnectionTracker
{
    private readonly ConnectionTrackerOptions _options;
    private readonly Dictionary<string, ClientRecord> _clients = new(StringComparer.Ordinal);
    private readonly PriorityQueue<ClientRecord, long> _waiting = new();
    private readonly Lock _lock = new();
    private TaskCompletionSource _added = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Makes a tracker that knows nobody.</summary>
    public ConnectionTracker(ConnectionTrackerOptions? options = null)
    {
        _options = options ?? new ConnectionTrackerOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.OfflineAfter, TimeSpan.Zero, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.MaxClients, 1, nameof(options));
    }

    /// <summary>Events of clients beyond <see cref="ConnectionTrackerOptions.MaxClients"/>.</summary>
    public long Untracked { get; private set; }

    /// <summary>Applies an event that came now.</summary>
    public ConnectionUpdate Apply(LifecycleEvent lifecycleEvent) => Apply(lifecycleEvent, _options.TimeProvider.GetUtcNow());

    /// <summary>Applies an event that came at a time, for events that were recorded.</summary>
    /// <param name="lifecycleEvent">The event.</param>
    /// <param name="arrival">When it came, by the receiver's clock.</param>
    public ConnectionUpdate Apply(LifecycleEvent lifecycleEvent, DateTimeOffset arrival)
    {
        ArgumentNullException.ThrowIfNull(lifecycleEvent);
        if (lifecycleEvent.Kind is not (LifecycleEventKind.Connected or LifecycleEventKind.Disconnected) || lifecycleEvent.Version is null)
        {
            return ConnectionUpdate.Unrelated;
        }

        lock (_lock)
        {
            if (!_clients.TryGetValue(lifecycleEvent.ClientId, out ClientRecord? client))
            {
                if (_clients.Count >= _options.MaxClients)
                {
                    Untracked++;
                    return ConnectionUpdate.Untracked;
                }

                client = new ClientRecord(lifecycleEvent.ClientId);
                _clients.Add(lifecycleEvent.ClientId, client);
            }

            ConnectionUpdate update = client.Apply(lifecycleEvent);
            if (update is ConnectionUpdate.Applied or ConnectionUpdate.Reset)
            {
                client.Due = client.IsConnected ? 0 : (arrival + _options.OfflineAfter).UtcTicks;
                Wait(client);
            }

            return update;
        }
    }

    /// <summary>What is known of a client; null when nothing is.</summary>
    public ClientConnection? Find(string clientId)
    {
        ArgumentNullException.ThrowIfNull(clientId);
        lock (_lock)
        {
            return _clients.GetValueOrDefault(clientId)?.Connection;
        }
    }

    /// <summary>All clients that are known.</summary>
    public IReadOnlyList<ClientConnection> All()
    {
        lock (_lock)
        {
            return [.. _clients.Values.Select(client => client.Connection)];
        }
    }

    /// <summary>The clients that have been disconnected for long enough at a time, each once for each time it disconnected; nobody is asked.</summary>
    /// <param name="now">The time, by the receiver's clock.</param>
    public IReadOnlyList<ClientConnection> TakeOffline(DateTimeOffset now)
    {
        List<ClientConnection> offline = [];
        lock (_lock)
        {
            while (_waiting.TryPeek(out _, out long due) && due <= now.UtcTicks)
            {
                ClientRecord client = _waiting.Dequeue();
                client.IsWaiting = false;
                if (client.Due != 0 && client.Due <= now.UtcTicks)
                {
                    client.Due = 0;
                    offline.Add(client.Connection);
                }

                Wait(client);
            }
        }

        return offline;
    }

    /// <summary>
    /// The clients that went offline, as it happens: after the wait the <see cref="ConnectionTrackerOptions.Lookup"/> is asked, and a client that is
    /// connected after all is not reported. One that cannot be asked about is reported. For one reader.
    /// </summary>
    /// <param name="cancellationToken">Ends the reports.</param>
    public async IAsyncEnumerable<ClientConnection> OfflineAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (true)
        {
            foreach (ClientConnection client in TakeOffline(_options.TimeProvider.GetUtcNow()))
            {
                if (!await IsConnectedAfterAllAsync(client, cancellationToken).ConfigureAwait(false))
                {
                    yield return client;
                }
            }

            await NextAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private void Wait(ClientRecord client)
    {
        if (client.Due != 0 && !client.IsWaiting)
        {
            client.IsWaiting = true;
            _waiting.Enqueue(client, client.Due);
            _added.TrySetResult();
        }
    }

    private async Task<bool> IsConnectedAfterAllAsync(ClientConnection offline, CancellationToken cancellationToken)
    {
        try
        {
            if (_options.Lookup is null || await _options.Lookup.IsConnectedAsync(offline.ClientId, cancellationToken).ConfigureAwait(false) != true)
            {
                return false;
            }
        }
        catch (Exception e) when (e is AwsException or HttpRequestException)
        {
            return false;
        }

        lock (_lock)
        {
            // An event that came meanwhile knows better.
            ClientRecord client = _clients[offline.ClientId];
            if (client.Connection == offline)
            {
                client.Looked(_options.TimeProvider.GetUtcNow());
            }
        }

        return true;
    }

    private async Task NextAsync(CancellationToken cancellationToken)
    {
        Task added;
        long? due;
        lock (_lock)
        {
            if (_added.Task.IsCompleted)
            {
                _added = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            added = _added.Task;
            due = _waiting.TryPeek(out _, out long ticks) ? ticks : null;
        }

        // Events wait in the order of their arrival, so one that is added later is never due earlier.
        if (due is { } first)
        {
            TimeSpan wait = new DateTimeOffset(first, TimeSpan.Zero) - _options.TimeProvider.GetUtcNow();
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, _options.TimeProvider, cancellationToken).ConfigureAwait(false);
            }
        }
        else
        {
            await added.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
