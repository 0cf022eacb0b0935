using IotOps.Defender.Rules;
using IotOps.Defender.State;
using Microsoft.Extensions.Logging;

namespace IotOps.Defender;

/// <summary>
/// Device Defender Detect's rules, evaluated on the device: every report is held against a security profile, and alarms that begin or end
/// come back as the events that Detect would have sent. (Detect takes no new customers since 31 August 2026.) Thread-safe.
/// </summary>
/// <remarks>
/// A metric that a report leaves out makes no datapoint: nothing changes. An empty list is one, and clears an alarm about a list.
/// </remarks>
public sealed class SecurityProfileEvaluator
{
    private readonly SecurityProfileEvaluatorOptions _options;
    private readonly ILogger _logger;
    private readonly StateFile? _file;
    private readonly Lock _lock = new();
    private List<BehaviorMonitor> _monitors;
    private string _profileName;
    private byte[]? _stored;
    private long? _lastReport;
    private List<ViolationEvent> _invalidated = [];

    /// <summary>Begins to hold a device to a profile, with the alarms that the state file remembers.</summary>
    /// <exception cref="ArgumentException">The profile has a behavior that a device cannot evaluate, or an option is out of range.</exception>
    public SecurityProfileEvaluator(SecurityProfileEvaluatorOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Check(options);
        _options = options;
        _logger = options.LoggerFactory.CreateLogger("IotOps.Defender.SecurityProfileEvaluator");
        _profileName = options.Profile.Name;
        _monitors = Monitors(options.Profile);
        _file = options.StateFile is { } path ? new StateFile(path, options.FileSystem) : null;
        _file?.WarnWhenOpen(_logger);
        Restore();
    }

    /// <summary>The behaviors that are in alarm.</summary>
    public IReadOnlyList<Behavior> InAlarm
    {
        get
        {
            lock (_lock)
            {
                List<Behavior> found = [];
                foreach (BehaviorMonitor monitor in _monitors)
                {
                    if (monitor.ViolationId is not null)
                    {
                        found.Add(monitor.Behavior);
                    }
                }

                return found;
            }
        }
    }

    /// <summary>Holds a report against the profile, and returns the alarms that began or ended with it.</summary>
    /// <param name="report">The device's newest report; its lists should be whole, not sampled.</param>
    public IReadOnlyList<ViolationEvent> Evaluate(DefenderReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        lock (_lock)
        {
            long now = _options.TimeProvider.GetTimestamp();
            TimeSpan? sinceLast = _lastReport is { } last ? _options.TimeProvider.GetElapsedTime(last, now) : null;
            _lastReport = now;
            List<ViolationEvent> events = _invalidated;
            _invalidated = [];
            foreach (BehaviorMonitor monitor in _monitors)
            {
                Evaluate(report, monitor, sinceLast, events);
            }

            Store();
            return events;
        }
    }

    /// <summary>
    /// Takes another profile. A behavior that is the same to the letter goes on as it was; one in alarm that is gone or changed gives an
    /// <see cref="ViolationEventType.AlarmInvalidated"/> event.
    /// </summary>
    /// <exception cref="ArgumentException">The profile has a behavior that a device cannot evaluate; the old one stays.</exception>
    public IReadOnlyList<ViolationEvent> Update(SecurityProfile profile)
    {
        lock (_lock)
        {
            List<BehaviorMonitor> before = _monitors;
            string nameBefore = _profileName;
            _monitors = Monitors(profile);
            _profileName = profile.Name;
            List<ViolationEvent> events = _invalidated;
            _invalidated = [];
            Adopt(before, nameBefore, events);
            Store();
            return events;
        }
    }

    private void Evaluate(DefenderReport report, BehaviorMonitor monitor, TimeSpan? sinceLast, List<ViolationEvent> events)
    {
        if (Measurement.Read(report, monitor.Metric, monitor.Behavior.Metric) is not { } measurement)
        {
            monitor.Pass(sinceLast);
            return;
        }

        if (!monitor.Fits(measurement))
        {
            if (!monitor.MisfitTold)
            {
                monitor.MisfitTold = true;
                Log.MetricDoesNotFit(
                    _logger, monitor.Behavior.Name, monitor.Behavior.Metric, measurement.Kind, BehaviorGrammar.Text(monitor.Behavior.Criteria.ComparisonOperator));
            }

            return;
        }

        if (monitor.Observe(measurement, sinceLast, out Measurement datapoint) is not { } type)
        {
            return;
        }

        string id = monitor.Apply(type, () => Guid.NewGuid().ToString("N"));
        if (!monitor.Behavior.SuppressAlerts)
        {
            events.Add(Event(monitor, _profileName, id, type, datapoint.ToValue(monitor.Metric)));
        }
    }

    private ViolationEvent Event(BehaviorMonitor monitor, string profileName, string id, ViolationEventType type, MetricValue? value) => new()
    {
        ViolationId = id,
        ThingName = _options.ThingName,
        SecurityProfileName = profileName,
        Behavior = monitor.Behavior,
        MetricValue = value,
        Type = type,
        Time = _options.TimeProvider.GetUtcNow(),
    };

    private List<BehaviorMonitor> Monitors(SecurityProfile profile)
    {
        if (!BehaviorGrammar.IsName(profile.Name))
        {
            throw new ArgumentException($"A security profile's name is 1-128 of a-z A-Z 0-9 : _ -, not '{profile.Name}'.", nameof(profile));
        }

        List<BehaviorMonitor> monitors = new(profile.Behaviors.Count);
        foreach (Behavior behavior in profile.Behaviors)
        {
            if (BehaviorCheck.Problem(behavior) is { } problem)
            {
                throw new ArgumentException($"Security profile '{profile.Name}': {problem}", nameof(profile));
            }

            if (monitors.Exists(m => m.Behavior.Name == behavior.Name))
            {
                throw new ArgumentException($"Security profile '{profile.Name}' has two behaviors with the name '{behavior.Name}'.", nameof(profile));
            }

            monitors.Add(new BehaviorMonitor(behavior, _options.HistoryLength, _options.HistoryNeeded));
        }

        return monitors;
    }

    private static void Check(SecurityProfileEvaluatorOptions options)
    {
        if (options.ThingName is not { Length: >= 1 and <= 128 })
        {
            throw new ArgumentException($"{nameof(options.ThingName)} has 1-128 characters.", nameof(options));
        }

        if (options.HistoryLength is < 2 or > 4032)
        {
            throw new ArgumentException($"{nameof(options.HistoryLength)} is 2-4,032 datapoints, not {options.HistoryLength}.", nameof(options));
        }

        if (options.HistoryNeeded < 1 || options.HistoryNeeded > options.HistoryLength)
        {
            throw new ArgumentException(
                $"{nameof(options.HistoryNeeded)} is 1 to {nameof(options.HistoryLength)} ({options.HistoryLength}), not {options.HistoryNeeded}.", nameof(options));
        }
    }

    // Monitors with the same text go on; alarms of the others are invalid.
    private void Adopt(List<BehaviorMonitor> before, string nameBefore, List<ViolationEvent> events)
    {
        foreach (BehaviorMonitor old in before)
        {
            int index = nameBefore == _profileName ? _monitors.FindIndex(m => m.Json == old.Json) : -1;
            if (index >= 0)
            {
                _monitors[index] = old;
            }
            else if (old is { ViolationId: { } id, Behavior.SuppressAlerts: false })
            {
                events.Add(Event(old, nameBefore, id, ViolationEventType.AlarmInvalidated, value: null));
            }
        }
    }

    private void Restore()
    {
        if (_file?.Read() is not { } bytes)
        {
            return;
        }

        if (MonitorState.Read(bytes, _options.HistoryLength, _options.HistoryNeeded) is not { } stored)
        {
            Log.AlarmsNotRead(_logger, _file.Path);
            return;
        }

        Adopt(stored.Monitors, stored.ProfileName, _invalidated);
        _stored = bytes;
    }

    private void Store()
    {
        if (_file is null)
        {
            return;
        }

        byte[] bytes = MonitorState.Write(_profileName, _monitors);
        if (_stored is not null && bytes.AsSpan().SequenceEqual(_stored))
        {
            return;
        }

        if (_file.Write(bytes) is { } refused)
        {
            Log.AlarmsNotStored(_logger, _file.Path, refused);
            return;
        }

        _stored = bytes;
    }
}
