using IotOps.Emulator.ControlPlane;

namespace IotOps.Emulator;

/// <summary>
/// What AWS IoT's control plane says about a fleet: things in the fleet index, thing groups, findings of audits. Things are in the index at once;
/// a thing whose client is connected under the thing's name has its <c>connectivity</c> from the broker. Thread-safe.
/// </summary>
public sealed class EmulatedFleet
{
    private readonly FleetStore _store;

    internal EmulatedFleet(FleetStore store) => _store = store;

    /// <summary>Adds a thing, or replaces the one of that name.</summary>
    /// <param name="json">
    /// An object as SearchIndex answers: <c>thingName</c>, and <c>thingId</c>, <c>thingTypeName</c>, <c>thingGroupNames</c>, <c>attributes</c>,
    /// <c>shadow</c>, <c>deviceDefender</c>, <c>connectivity</c> where it has them. <c>shadow</c> and <c>deviceDefender</c> may be objects.
    /// </param>
    /// <exception cref="FormatException">It is none; the message says why.</exception>
    public void SetThing(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        _store.Set(IndexedThing.Read(json));
    }

    /// <summary>Removes a thing.</summary>
    /// <returns>False when there is none of that name.</returns>
    public bool RemoveThing(string name) => _store.RemoveThing(name);

    /// <summary>Adds a thing group, or replaces the one of that name, whose version goes up by one.</summary>
    /// <exception cref="ArgumentException">Its name is none, its parent is not there, or it is dynamic and has a parent.</exception>
    public void SetThingGroup(EmulatedThingGroup group)
    {
        ArgumentNullException.ThrowIfNull(group);
        _store.Set(group);
    }

    /// <summary>Adds a finding of an audit, at the end of the list.</summary>
    /// <param name="json">An object as ListAuditFindings answers, with <c>findingTime</c> in seconds since 1970.</param>
    /// <exception cref="FormatException">It is none; the message says why.</exception>
    public void AddAuditFinding(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        _store.Add(StoredFinding.Read(json));
    }
}
