using System.Collections.Concurrent;
using System.Collections.Frozen;
using IotOps.Defender;

namespace IotOps.Detect.Evaluating;

/// <summary>Which profiles hold for which thing.</summary>
internal sealed class Profiles
{
    public const int Most = 128;

    private readonly DetectEngineOptions _options;
    private readonly List<WatchedBehavior>[] _profiles;
    private readonly FrozenDictionary<string, UInt128> _groups;
    private readonly FrozenDictionary<string, UInt128> _things;
    private readonly UInt128 _registered;
    private readonly UInt128 _unregistered;
    private readonly ConcurrentDictionary<UInt128, ProfileSet> _sets = new();

    /// <exception cref="ArgumentException">A profile cannot be evaluated; the message names it.</exception>
    public Profiles(DetectEngineOptions options)
    {
        _options = options;
        if (options.Profiles.Count > Most)
        {
            throw new ArgumentException($"There are {options.Profiles.Count} security profiles; {Most} are evaluated at most.", nameof(options));
        }

        var groups = new Dictionary<string, UInt128>(StringComparer.Ordinal);
        var things = new Dictionary<string, UInt128>(StringComparer.Ordinal);
        HashSet<string> names = new(StringComparer.Ordinal);
        _profiles = new List<WatchedBehavior>[options.Profiles.Count];
        for (int i = 0; i < _profiles.Length; i++)
        {
            DetectProfile profile = options.Profiles[i];
            if (!names.Add(profile.Name))
            {
                throw new ArgumentException($"There are two security profiles '{profile.Name}'.", nameof(options));
            }

            _profiles[i] = Prepare(profile, options.Sources);
            UInt128 bit = UInt128.One << i;
            foreach (DetectTarget target in profile.Targets)
            {
                switch (target.Kind)
                {
                    case DetectTargetKind.Group:
                        groups[target.Name!] = groups.GetValueOrDefault(target.Name!) | bit;
                        break;
                    case DetectTargetKind.Thing:
                        things[target.Name!] = things.GetValueOrDefault(target.Name!) | bit;
                        break;
                    default:
                        _registered |= target.Kind != DetectTargetKind.UnregisteredThings ? bit : 0;
                        _unregistered |= target.Kind != DetectTargetKind.RegisteredThings ? bit : 0;
                        break;
                }
            }
        }

        _groups = groups.ToFrozenDictionary(StringComparer.Ordinal);
        _things = things.ToFrozenDictionary(StringComparer.Ordinal);
    }

    public IEnumerable<WatchedBehavior> All => _profiles.SelectMany(profile => profile);

    public ProfileSet Of(string thing)
    {
        UInt128 mask;
        if (_options.Membership is not { } membership)
        {
            mask = _registered | _things.GetValueOrDefault(thing);
        }
        else if (membership.GroupsOf(thing) is { } groups)
        {
            mask = _registered | _things.GetValueOrDefault(thing);
            foreach (string group in groups)
            {
                mask |= _groups.GetValueOrDefault(group);
            }
        }
        else
        {
            mask = _unregistered;
        }

        return _sets.TryGetValue(mask, out ProfileSet? set) ? set : _sets.GetOrAdd(mask, Combine(mask));
    }

    private ProfileSet Combine(UInt128 mask)
    {
        List<WatchedBehavior> behaviors = [];
        for (int i = 0; i < _profiles.Length; i++)
        {
            if ((mask & (UInt128.One << i)) != 0)
            {
                behaviors.AddRange(_profiles[i]);
            }
        }

        return new ProfileSet(behaviors);
    }

    private static List<WatchedBehavior> Prepare(DetectProfile profile, DetectSources sources)
    {
        if (profile.Name is not { Length: >= 1 and <= 128 } || profile.Name.AsSpan().ContainsAnyExcept(Names.Characters))
        {
            throw new ArgumentException($"A security profile's name is 1-128 of a-z A-Z 0-9 : _ -, not '{profile.Name}'.", nameof(profile));
        }

        List<WatchedBehavior> watched = [];
        foreach (Behavior behavior in profile.Behaviors)
        {
            watched.Add(Prepare(profile.Name, behavior, sources));
            if (watched.FindIndex(one => one.Behavior.Name == behavior.Name) != watched.Count - 1)
            {
                throw new ArgumentException($"Security profile '{profile.Name}' has two behaviors with the name '{behavior.Name}'.", nameof(profile));
            }
        }

        foreach (string metric in profile.RetainedMetrics)
        {
            if (Retained(profile.Name, metric, sources) is { } retained)
            {
                watched.Add(retained);
            }
        }

        return watched;
    }

    private static WatchedBehavior Prepare(string profile, Behavior behavior, DetectSources sources)
    {
        WatchedBehavior watched;
        try
        {
            watched = new WatchedBehavior(profile, behavior);
        }
        catch (ArgumentException e)
        {
            throw new ArgumentException($"Security profile '{profile}': {e.Message}", nameof(behavior), e);
        }

        return CloudMetrics.Missing(watched.Cloud, sources) is { } missing
            ? throw new ArgumentException($"Security profile '{profile}', behavior '{behavior.Name}' ({behavior.Metric}): {missing}", nameof(behavior))
            : watched;
    }

    // As a behavior that is never judged. Null for a list, and for a metric that comes from nowhere: only a rule is a promise.
    private static WatchedBehavior? Retained(string profile, string metric, DetectSources sources)
    {
        CloudMetric cloud = CloudMetrics.Of(metric);
        if (cloud == CloudMetric.DisconnectDuration || CloudMetrics.Missing(cloud, sources) is not null)
        {
            return null;
        }

        try
        {
            return new WatchedBehavior(
                profile,
                new Behavior
                {
                    Name = "retained",
                    Metric = metric,
                    Criteria = new BehaviorCriteria { ComparisonOperator = ComparisonOperator.LessThan, Value = new MetricValue { Number = 0 } },
                },
                isRetained: true);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
