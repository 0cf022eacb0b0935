namespace IotOps.Fleet;

/// <summary>Something unusual about the connections of clients.</summary>
/// <param name="Kind">What.</param>
/// <param name="Time">When it was seen, by the events' clock.</param>
/// <param name="Subject">The client, or the segment; null for the fleet.</param>
/// <param name="Reason">Why, as a sentence with the numbers behind it.</param>
public sealed record ConnectivityAlarm(ConnectivityAlarmKind Kind, DateTimeOffset Time, string? Subject, string Reason)
{
    private readonly List<string> _clients = [];

    /// <summary>How often it happened in the window.</summary>
    public int Count { get; init; }

    /// <summary>How often it happens at this time of day; null for the rules that compare with nothing.</summary>
    public double? Expected { get; init; }

    /// <summary>How likely this often or more often is by chance; null for the rules that compare with nothing.</summary>
    public double? Probability { get; init; }

    /// <summary>The clients lost in a drop; it grows while the drop lasts, and those in it raise no alarm of their own.</summary>
    public IReadOnlyList<string> Clients => _clients;

    internal void Fold(string client) => _clients.Add(client);

    /// <inheritdoc/>
    public override string ToString() => $"{Time:u} {Kind} {Subject ?? "fleet"}: {Reason}";
}
