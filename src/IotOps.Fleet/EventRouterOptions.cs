namespace IotOps.Fleet;

/// <summary>What an <see cref="EventRouter"/> routes where.</summary>
public sealed record EventRouterOptions
{
    /// <summary>The routes; a message goes to each whose pattern it matches.</summary>
    public required IReadOnlyList<EventRoute> Routes { get; init; }

    /// <summary>Repetitions of how many handled messages are known, the latest ones; 100,000 unless set, 0 for none.</summary>
    public int RememberedMessages { get; init; } = 100_000;
}
