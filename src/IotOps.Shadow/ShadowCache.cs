using IotOps.Shadow.Documents;
using IotOps.Shadow.Store;
using IotOps.Shadow.Sync;
using IotOps.Shared;
using Microsoft.Extensions.Logging;

namespace IotOps.Shadow;

/// <summary>
/// A thing's shadows on the device (https://docs.aws.amazon.com/iot/latest/developerguide/iot-device-shadows.html): the last state is there
/// as soon as it is constructed, edits are durable before they return, and whenever the connection is up both sides are brought together,
/// per field. Safe for concurrent use.
/// </summary>
/// <remarks>
/// Five topic filters a shadow (<see cref="ShadowCacheOptions.Shadows"/>), at most 10 requests without an answer and 20 in any second. An
/// edit that was acknowledged survives kill -9, and with <see cref="ShadowDurability.Flushed"/> a power cut.
/// </remarks>
public sealed class ShadowCache : IAsyncDisposable
{
    private readonly ShadowStore _store;
    private readonly ShadowMetrics _metrics;
    private readonly SyncLoop _loop;
    private readonly Dictionary<ShadowId, DeviceShadow> _shadows = [];
    private readonly Lock _gate = new();
    private bool _started;
    private readonly List<ShadowSession> _sessions;
    private bool _disposed;

    /// <summary>Opens the stored state. Nothing is sent before <see cref="Start"/>.</summary>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    /// <exception cref="IOException">The state directory cannot be used, or another cache uses it.</exception>
    /// <exception cref="InvalidOperationException">
    /// The stored state is encrypted, and the key is missing or another; it is not encrypted although there is a key; or it is older than
    /// <see cref="ShadowCacheOptions.MinStateRevision"/>.
    /// </exception>
    public ShadowCache(ShadowCacheOptions options)
    {
        ShadowCacheOptionsCheck.Check(options);
        ILogger logger = options.LoggerFactory.CreateLogger<ShadowCache>();
        _store = new ShadowStore(options, logger);
        _metrics = new ShadowMetrics(_store, options.ThingName);
        var context = new SyncContext(options, _store, _metrics, logger);
        List<ShadowSession> sessions = [];
        _sessions = sessions;
        foreach (ShadowId id in options.Shadows)
        {
            var merge = new ThreeWayMerge(id, options.DesiredConflicts, options.ReportedConflicts);
            sessions.Add(new ShadowSession(_store[id], context, new CloudChange(merge, options.Direction)));
        }

        _loop = new SyncLoop(context, sessions);
        foreach (ShadowSession session in sessions)
        {
            _shadows.Add(session.Slot.Id, new DeviceShadow(session.Slot, session, context, _loop));
        }
    }

    /// <summary>Stored state that could not be read when the cache was opened; empty when all was well.</summary>
    public IReadOnlyList<ShadowDamage> Damage => _store.Damage;

    /// <summary>
    /// Grows with everything that is on the disk for good (an edit with <see cref="ShadowDurability.Flushed"/>, a new snapshot). Keep the
    /// largest one outside of the state directory, and give it to the next start as <see cref="ShadowCacheOptions.MinStateRevision"/>.
    /// </summary>
    public long StateRevision => _store.Revision;

    /// <summary>The shadows of <see cref="ShadowCacheOptions.Shadows"/>.</summary>
    public IReadOnlyCollection<DeviceShadow> Shadows => _shadows.Values;

    /// <summary>The shadow that has waited longest, and what was refused last.</summary>
    internal Health Health => new(
        _sessions.Min(static session => session.Health.LastSuccess),
        _sessions.Select(static session => session.Health.LastError).FirstOrDefault(static error => error is not null),
        LastErrorAt: null,
        _sessions.Max(static session => session.Health.Pending),
        _disposed);

    /// <summary>One of the shadows.</summary>
    /// <exception cref="ArgumentException">It is not among <see cref="ShadowCacheOptions.Shadows"/>.</exception>
    public DeviceShadow this[ShadowId id] =>
        _shadows.TryGetValue(id, out DeviceShadow? shadow)
            ? shadow
            : throw new ArgumentException($"Shadow {id} is not kept here; name it in {nameof(ShadowCacheOptions)}.{nameof(ShadowCacheOptions.Shadows)}.", nameof(id));

    /// <summary>The shadow of a name; empty for the classic one.</summary>
    /// <exception cref="ArgumentException">It is no name, or not among <see cref="ShadowCacheOptions.Shadows"/>.</exception>
    public DeviceShadow this[string name] => this[new ShadowId(name)];

    /// <summary>Begins to subscribe, read and publish, as the connection allows. A second call does nothing.</summary>
    public void Start()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (!_started)
            {
                _started = true;
                _loop.Start();
            }
        }
    }

    /// <summary>One round for every shadow, as <see cref="DeviceShadow.SyncAsync"/>.</summary>
    public Task SyncAsync(CancellationToken cancellationToken = default)
    {
        List<Task> rounds = [];
        foreach (DeviceShadow shadow in _shadows.Values)
        {
            rounds.Add(shadow.SyncAsync(cancellationToken));
        }

        return Task.WhenAll(rounds);
    }

    /// <summary>Ends the conversation within 5 seconds, commits the edits that are under way, and lets go of the state directory.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
        }

        await _loop.DisposeAsync().ConfigureAwait(false);
        await _store.DisposeAsync().ConfigureAwait(false);
        _metrics.Dispose();
    }

    /// <summary>Completes when everything that has arrived is dealt with: for tests, which own the clock.</summary>
    internal Task IdleAsync() => _loop.IdleAsync();
}
