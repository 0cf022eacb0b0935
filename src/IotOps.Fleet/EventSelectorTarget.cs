namespace IotOps.Fleet;

/// <summary>What event selectors are put on. CloudTrail allows an event data store more fields than a trail.</summary>
public enum EventSelectorTarget
{
    /// <summary>A trail: <c>put-event-selectors</c>.</summary>
    Trail = 0,

    /// <summary>An event data store of CloudTrail Lake, which closed to new customers on 2026-05-31.</summary>
    EventDataStore = 1,

    /// <summary>A trail or an event data store: what either allows.</summary>
    Either = 2,
}
