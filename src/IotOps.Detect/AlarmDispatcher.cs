using System.Text.Json;
using IotOps.Detect.Alarms;
using IotOps.Shared;
using Microsoft.Extensions.Logging;

namespace IotOps.Detect;

/// <summary>
/// Brings alarms to every sink at least once: alarms of one kind, rule and state that come close together become one message, messages keep to a
/// rate, muted ones only count, and once a day a digest says how many there were. An alarm is delivered when every sink has taken it; until then it
/// is its source's to keep. A sink that fails is tried again for as long as it takes, and holds up no other. Safe for concurrent use.
/// </summary>
/// <remarks>Mutes, counts of the day and what was delivered are in memory: after a restart alarms that were not acknowledged come again.</remarks>
public sealed class AlarmDispatcher : IAsyncDisposable
{
    private const int MaxMutes = 10_000;
    private static readonly TimeSpan ClockCheck = TimeSpan.FromHours(1);

    private readonly AlarmDispatcherOptions _options;
    private readonly AlarmLane[] _lanes;
    private readonly Loop _digests;
    private readonly RecentKeys _counted;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, AlarmReceipt> _pending = new(StringComparer.Ordinal);
    private readonly List<AlarmMute> _mutes = [];
    private AlarmTally _tally;
    private DateTimeOffset? _digestAt;
    private bool _isDisposed;

    /// <summary>Begins.</summary>
    /// <exception cref="ArgumentException">An option cannot be.</exception>
    public AlarmDispatcher(AlarmDispatcherOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Wrong() is { } wrong)
        {
            throw new ArgumentException(wrong, nameof(options));
        }

        _options = options;
        foreach (AlarmMute mute in options.Mutes)
        {
            Mute(mute);
        }

        DateTimeOffset now = options.TimeProvider.GetUtcNow();
        _tally = new AlarmTally(now);
        _digestAt = NextDigest(now);
        _counted = new RecentKeys(options.RememberedAlarms);
        ILogger logger = options.LoggerFactory.CreateLogger<AlarmDispatcher>();
        _lanes = [.. options.Sinks.Select(sink => new AlarmLane(sink, options, logger))];
        _digests = new Loop(options.TimeProvider, DigestAsync, error => AlarmLog.Unexpected(logger, "digest", error));
        _digests.Start();
    }

    /// <summary>How each sink does, in the order of the options.</summary>
    public IReadOnlyList<AlarmSinkStatus> Status => [.. _lanes.Select(lane => lane.Status)];

    /// <summary>What is muted now.</summary>
    public IReadOnlyList<AlarmMute> Mutes
    {
        get
        {
            lock (_lock)
            {
                ForgetOldMutes();
                return [.. _mutes];
            }
        }
    }

    /// <summary>
    /// Delivers an alarm. The task ends when every sink has taken it, which lasts as long as its group is collected or a sink is out of reach: do
    /// not wait for one before you hand over the next.
    /// </summary>
    /// <param name="alarm">The alarm. One that is delivered again is sent to those sinks only that have not taken it.</param>
    /// <param name="cancellationToken">Ends the wait; the alarm is delivered all the same.</param>
    /// <returns>True: every sink has it, acknowledge it to its source. False: too much waits for a sink, deliver it again later.</returns>
    /// <exception cref="ArgumentException">It has no id, or its event is not JSON.</exception>
    /// <exception cref="OperationCanceledException">The wait was ended, or the dispatcher was disposed before every sink took it.</exception>
    public Task<bool> DeliverAsync(FleetAlarm alarm, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(alarm);
        ArgumentException.ThrowIfNullOrEmpty(alarm.Id, nameof(alarm));
        if (!alarm.Event.IsEmpty && !IsJson(alarm.Event.Span))
        {
            throw new ArgumentException($"The event of the alarm '{alarm.Id}' is not one JSON value.", nameof(alarm));
        }

        AlarmReceipt? receipt;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (!_pending.TryGetValue(alarm.Id, out receipt))
            {
                bool isMuted = IsMuted(alarm);
                if (!_counted.Contains(alarm.Id))
                {
                    _counted.Add(alarm.Id);
                    _tally.Add(alarm, isMuted);
                }

                if (isMuted)
                {
                    return Task.FromResult(true);
                }

                receipt = _pending[alarm.Id] = new AlarmReceipt(_lanes.Length, () => Forget(alarm.Id));
                foreach (AlarmLane lane in _lanes)
                {
                    lane.Add(alarm, receipt);
                }
            }
        }

        return receipt.Done.WaitAsync(cancellationToken);
    }

    /// <summary>Mutes from now on; what waits already is sent.</summary>
    /// <exception cref="ArgumentException">Neither device nor rule is given, or 10,000 mutes are there already.</exception>
    public void Mute(AlarmMute mute)
    {
        ArgumentNullException.ThrowIfNull(mute);
        if (mute is { Device: null, Rule: null })
        {
            throw new ArgumentException("A mute names a device or a rule; it does not silence everything.", nameof(mute));
        }

        lock (_lock)
        {
            ForgetOldMutes();
            if (_mutes.Count >= MaxMutes)
            {
                throw new ArgumentException($"There are {MaxMutes} mutes already; use a pattern instead.", nameof(mute));
            }

            _mutes.Add(mute);
        }
    }

    /// <summary>Ends a mute before its time.</summary>
    /// <returns>Whether there was one.</returns>
    public bool Unmute(AlarmMute mute)
    {
        lock (_lock) { return _mutes.Remove(mute); }
    }

    /// <summary>Sends what is collected without waiting for the rest of its group; for the end of a process.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task FlushAsync(CancellationToken cancellationToken = default) => Task.WhenAll(_lanes.Select(lane => lane.FlushAsync())).WaitAsync(cancellationToken);

    /// <summary>Ends, within some seconds. What was not taken is not acknowledged: its tasks are cancelled.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_lock) { _isDisposed = true; }
        await _digests.DisposeAsync().ConfigureAwait(false);
        await Task.WhenAll(_lanes.Select(lane => lane.DisposeAsync().AsTask())).ConfigureAwait(false);
    }

    /// <summary>Completes when there is nothing to do until time passes: for tests, which own the clock.</summary>
    internal async Task IdleAsync()
    {
        await _digests.IdleAsync().ConfigureAwait(false);
        await Task.WhenAll(_lanes.Select(lane => lane.IdleAsync())).ConfigureAwait(false);
    }

    private static bool IsJson(ReadOnlySpan<byte> utf8)
    {
        try
        {
            var reader = new Utf8JsonReader(utf8);
            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private void Forget(string id)
    {
        lock (_lock) { _pending.Remove(id); }
    }

    private bool IsMuted(FleetAlarm alarm)
    {
        DateTimeOffset now = _options.TimeProvider.GetUtcNow();
        return _mutes.Exists(mute => now < mute.Until
            && (mute.Rule is null || Glob.IsMatch(mute.Rule, alarm.Rule))
            && (mute.Device is null || (alarm.Device is { } device && Glob.IsMatch(mute.Device, device))));
    }

    private void ForgetOldMutes()
    {
        DateTimeOffset now = _options.TimeProvider.GetUtcNow();
        _mutes.RemoveAll(mute => mute.Until <= now);
    }

    private ValueTask<TimeSpan?> DigestAsync()
    {
        DateTimeOffset now = _options.TimeProvider.GetUtcNow();
        if (_digestAt is not { } due)
        {
            return new((TimeSpan?)null);
        }

        if (now >= due)
        {
            AlarmMessage digest;
            lock (_lock)
            {
                digest = _tally.Digest(now);
                _tally = new AlarmTally(now);
            }

            Array.ForEach(_lanes, lane => lane.Add(digest));
            _digestAt = NextDigest(now);
            return new(TimeSpan.Zero);
        }

        // The wall clock may be set meanwhile.
        return new(due - now < ClockCheck ? due - now : ClockCheck);
    }

    private DateTimeOffset? NextDigest(DateTimeOffset now)
    {
        if (_options.DigestAt is not { } at)
        {
            return null;
        }

        var today = new DateTimeOffset(now.UtcDateTime.Date + at.ToTimeSpan(), TimeSpan.Zero);
        return today > now ? today : today.AddDays(1);
    }
}
