namespace IotOps.Emulator;

/// <summary>A thing group. Who is in a static one is said by its things: <c>thingGroupNames</c> of <see cref="EmulatedFleet.SetThing"/>.</summary>
public sealed record EmulatedThingGroup
{
    /// <summary>1 to 128 of A-Z a-z 0-9 : _ -</summary>
    public required string Name { get; init; }

    /// <summary>The query that fills a dynamic group; null for a static one.</summary>
    public string? Query { get; init; }

    /// <summary>The group above it; null for none. A dynamic group has none.</summary>
    public string? Parent { get; init; }

    /// <summary>What it is for.</summary>
    public string? Description { get; init; }

    /// <summary>Its attributes.</summary>
    public IReadOnlyDictionary<string, string> Attributes { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
