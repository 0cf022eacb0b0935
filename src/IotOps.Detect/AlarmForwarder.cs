using IotOps.Detect.Alarms;
using IotOps.Shared;
using Microsoft.Extensions.Logging;

namespace IotOps.Detect;

/// <summary>
/// Hands the alarms of a store to a dispatcher, and removes each from the store once every sink has taken it: at least once, over crashes too.
/// Several processes may share a store: each claims alarms of its own, and takes over those of one that ended. What waits for a sink is bounded by
/// <see cref="AlarmDispatcherOptions.MaxPending"/>; what is beyond that stays in the store, and reaches the other sinks all the same.
/// </summary>
public sealed class AlarmForwarder : IAsyncDisposable
{
    private const int PageSize = 500;
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromMinutes(1);

    private readonly IDetectStore _store;
    private readonly AlarmDispatcher _dispatcher;
    private readonly AlarmForwarderOptions _options;
    private readonly ILogger _logger;
    private readonly Loop _loop;
    private readonly Backoff _backoff;
    private readonly Lock _lock = new();
    private readonly HashSet<string> _waiting = new(StringComparer.Ordinal);
    private readonly HashSet<string> _delivered = new(StringComparer.Ordinal);

    /// <summary>Begins.</summary>
    /// <param name="store">Whose alarms; stays the caller's.</param>
    /// <param name="dispatcher">Where to; stays the caller's. Dispose the forwarder first.</param>
    /// <param name="options">How often, and how many.</param>
    /// <exception cref="ArgumentException">An option cannot be.</exception>
    public AlarmForwarder(IDetectStore store, AlarmDispatcher dispatcher, AlarmForwarderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(dispatcher);
        _store = store;
        _dispatcher = dispatcher;
        _options = options ?? new AlarmForwarderOptions();
        if (_options.Wrong() is { } wrong)
        {
            throw new ArgumentException(wrong, nameof(options));
        }

        _logger = _options.LoggerFactory.CreateLogger<AlarmForwarder>();
        _backoff = new Backoff(FirstRetry, LongestRetry, _options.Random);
        _loop = new Loop(_options.TimeProvider, RoundAsync, error => AlarmLog.Unexpected(_logger, "store", error));
        _loop.Start();
    }

    /// <summary>Ends. What was not removed from the store is delivered again by the next process.</summary>
    public ValueTask DisposeAsync() => _loop.DisposeAsync();

    /// <summary>Completes when there is nothing to do until time passes: for tests, which own the clock.</summary>
    internal Task IdleAsync() => _loop.IdleAsync();

    private async ValueTask<TimeSpan?> RoundAsync()
    {
        try
        {
            await RemoveAsync().ConfigureAwait(false);
            DateTimeOffset now = _options.TimeProvider.GetUtcNow();
            IReadOnlyList<StoredAlarm> alarms = await _store.ClaimAlarmsAsync(now, now + _options.ClaimFor, PageSize, _loop.Stopping).ConfigureAwait(false);
            foreach (StoredAlarm alarm in alarms)
            {
                // One that has waited longer than its claim comes again, here as anywhere.
                bool isNew;
                lock (_lock) { isNew = !_delivered.Contains(alarm.Id) && _waiting.Add(alarm.Id); }

                if (isNew)
                {
                    _loop.Attach(DeliverAsync(alarm));
                }
            }

            _backoff.Reset();
            return alarms.Count == PageSize ? TimeSpan.Zero : _options.Poll;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            TimeSpan wait = _backoff.Next();
            wait = wait > _options.Poll ? wait : _options.Poll;
            AlarmLog.StoreFailed(_logger, e.Message, _backoff.Failures, wait);
            return wait;
        }
    }

    private async Task DeliverAsync(StoredAlarm alarm)
    {
        bool isTaken = false;
        try
        {
            isTaken = await _dispatcher.DeliverAsync(FleetAlarm.Of(alarm), _loop.Stopping).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The process ends; the store has it still.
        }

        lock (_lock)
        {
            _waiting.Remove(alarm.Id);
            if (isTaken)
            {
                _delivered.Add(alarm.Id);
            }
        }

        if (isTaken)
        {
            _loop.Wake();
        }
    }

    private async Task RemoveAsync()
    {
        string[] ids;
        lock (_lock) { ids = [.. _delivered]; }

        if (ids.Length > 0)
        {
            await _store.RemoveAlarmsAsync(ids, _loop.Stopping).ConfigureAwait(false);
            lock (_lock) { _delivered.ExceptWith(ids); }
        }
    }
}
