namespace IotOps.Samples.FleetConsole.Store;

/// <summary>A thing, as the fleet index has it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Segments">The segments that it belongs to, such as <c>site north</c>.</param>
/// <param name="Json">All that was told of it.</param>
public sealed record ThingFacts(string Name, IReadOnlyList<string> Segments, string Json)
{
    /// <summary>Whether the index has it connected; counts only while no lifecycle event told of it. Null when the index does not say.</summary>
    public bool? IsConnected { get; init; }

    /// <summary>Since when.</summary>
    public DateTimeOffset? ConnectedSince { get; init; }
}
