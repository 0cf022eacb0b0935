using IotOps.Emulator.Http;

namespace IotOps.Emulator.ControlPlane;

/// <summary>Things, thing groups and findings. Thread-safe.</summary>
internal sealed class FleetStore(TimeProvider timeProvider)
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, IndexedThing> _things = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, StoredGroup> _groups = new(StringComparer.Ordinal);
    private readonly List<StoredFinding> _findings = [];

    public void Set(IndexedThing thing)
    {
        lock (_lock) { _things[thing.Name] = thing; }
    }

    /// <returns>False when there is one of that name.</returns>
    public bool TryAdd(IndexedThing thing)
    {
        lock (_lock) { return _things.TryAdd(thing.Name, thing); }
    }

    /// <exception cref="Refusal">404: there is none.</exception>
    public IndexedThing Thing(string name)
    {
        lock (_lock) { return Existing(name); }
    }

    /// <summary>Changes a thing; its version stays when nothing is changed.</summary>
    /// <exception cref="Refusal">404: there is none; or what the change throws.</exception>
    public void Change(string name, Func<IndexedThing, IndexedThing> change)
    {
        lock (_lock) { _things[name] = change(Existing(name)); }
    }

    public bool RemoveThing(string name)
    {
        lock (_lock) { return _things.Remove(name); }
    }

    /// <exception cref="ArgumentException">A group like this cannot be.</exception>
    public void Set(EmulatedThingGroup group)
    {
        lock (_lock)
        {
            string? wrong = !IotName.IsValid(group.Name) ? $"'{group.Name}' is no name of a group: {IotName.Rule}."
                : group is { Query: not null, Parent: not null } ? "A dynamic group has no parent."
                : group.Parent is { } parent && !_groups.ContainsKey(parent) ? $"There is no group '{parent}' for a parent."
                : Ancestors(group).Any(above => above.Name == group.Name) ? $"'{group.Name}' would be above itself."
                : null;
            if (wrong is not null)
            {
                throw new ArgumentException(wrong, nameof(group));
            }

            _groups[group.Name] = _groups.TryGetValue(group.Name, out StoredGroup? old)
                ? old with { Group = group, Version = old.Version + 1 }
                : new StoredGroup(group, Guid.NewGuid().ToString(), 1, timeProvider.GetUtcNow());
        }
    }

    public void Add(StoredFinding finding)
    {
        lock (_lock) { _findings.Add(finding); }
    }

    /// <summary>By name.</summary>
    public IReadOnlyList<IndexedThing> Things()
    {
        lock (_lock) { return [.. _things.Values]; }
    }

    /// <summary>By name.</summary>
    public IReadOnlyList<EmulatedThingGroup> Groups()
    {
        lock (_lock) { return [.. _groups.Values.Select(one => one.Group)]; }
    }

    /// <summary>In the order in which they came.</summary>
    public IReadOnlyList<StoredFinding> Findings()
    {
        lock (_lock) { return [.. _findings]; }
    }

    /// <exception cref="Refusal">404: there is none.</exception>
    public StoredGroup Group(string name)
    {
        lock (_lock)
        {
            return _groups.GetValueOrDefault(name) ?? throw new Refusal(404, "ResourceNotFoundException", $"Thing group {name} does not exist.");
        }
    }

    /// <summary>The group of that name; null when there is none.</summary>
    public StoredGroup? FindGroup(string name)
    {
        lock (_lock) { return _groups.GetValueOrDefault(name); }
    }

    /// <summary>Removes a group, and the things from it.</summary>
    /// <exception cref="Refusal">400: there are groups below it.</exception>
    public void RemoveGroup(string name)
    {
        lock (_lock)
        {
            if (_groups.Values.Any(one => one.Group.Parent == name))
            {
                throw new Refusal(400, "InvalidRequestException", $"Thing group {name} has groups below it.");
            }

            _groups.Remove(name);
            foreach (IndexedThing thing in _things.Values.Where(thing => thing.Groups.Contains(name, StringComparer.Ordinal)).ToArray())
            {
                _things[thing.Name] = thing.In(thing.Groups.Where(group => group != name));
            }
        }
    }

    /// <summary>The groups above one, the nearest first.</summary>
    public IReadOnlyList<EmulatedThingGroup> Above(EmulatedThingGroup group)
    {
        lock (_lock) { return [.. Ancestors(group)]; }
    }

    private IndexedThing Existing(string name) =>
        _things.GetValueOrDefault(name) ?? throw new Refusal(404, "ResourceNotFoundException", $"Thing {name} cannot be found.");

    // One that is being set may name a parent below itself: its own name ends the walk.
    private IEnumerable<EmulatedThingGroup> Ancestors(EmulatedThingGroup group)
    {
        for (EmulatedThingGroup at = group; at.Parent is { } name && _groups.TryGetValue(name, out StoredGroup? parent); at = parent.Group)
        {
            yield return parent.Group;
            if (name == group.Name)
            {
                yield break;
            }
        }
    }
}
