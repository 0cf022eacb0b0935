using IotOps.Fleet;
using IotOps.Samples.FleetConsole.Store;

namespace IotOps.Samples.FleetConsole.Pages.Devices;

/// <summary>A stretch of time in which a device was online, was not, or nobody knows.</summary>
/// <param name="Since">Its begin.</param>
/// <param name="Until">Its end; the present when it goes on.</param>
/// <param name="IsConnected">Null when no event tells.</param>
public sealed record ConnectionStretch(DateTimeOffset Since, DateTimeOffset Until, bool? IsConnected)
{
    /// <summary>Where it was connected from; null when it was not, or no event tells.</summary>
    public string? Address { get; init; }

    /// <summary>Why it disconnected; null when it is connected, or no event tells.</summary>
    public string? Reason { get; init; }

    /// <summary>Whether it was connected from another address the time before.</summary>
    public bool IsFromElsewhere { get; init; }

    /// <summary>
    /// The stretches of a range, oldest first. Events that end no connection and begin none, such as a refused one, change nothing.
    /// </summary>
    /// <param name="rows">The range's events, the latest first.</param>
    /// <param name="before">The last event before them; null when none is known.</param>
    /// <param name="range">The range.</param>
    /// <param name="now">The console's clock: there is nothing behind it.</param>
    public static IReadOnlyList<ConnectionStretch> Of(IReadOnlyList<ConnectionRow> rows, ConnectionRow? before, TimeRange range, DateTimeOffset now)
    {
        DateTimeOffset end = range.Until < now ? range.Until : now;
        if (end <= range.Since)
        {
            return [];
        }

        List<ConnectionStretch> stretches = [];
        ConnectionStretch at = Begin(before, range.Since, lastAddress: null);
        string? lastAddress = at.Address;
        foreach (ConnectionRow row in rows.Reverse().Where(row => row.Kind is LifecycleEventKind.Connected or LifecycleEventKind.Disconnected && row.Time < end))
        {
            ConnectionStretch next = Begin(row, row.Time < range.Since ? range.Since : row.Time, lastAddress);
            lastAddress = next.Address ?? lastAddress;
            if (next.IsConnected == at.IsConnected && (next.Address ?? at.Address) == at.Address)
            {
                continue;
            }

            Add(stretches, at with { Until = next.Since });
            at = next;
        }

        Add(stretches, at with { Until = end });
        return stretches;
    }

    private static ConnectionStretch Begin(ConnectionRow? row, DateTimeOffset since, string? lastAddress) => row switch
    {
        { Kind: LifecycleEventKind.Connected } => new(since, since, true) { Address = row.Address, IsFromElsewhere = row.Address is { } address && lastAddress is not null && address != lastAddress },
        { Kind: LifecycleEventKind.Disconnected } => new(since, since, false) { Reason = row.Reason },
        _ => new(since, since, null),
    };

    private static void Add(List<ConnectionStretch> stretches, ConnectionStretch stretch)
    {
        if (stretch.Until > stretch.Since)
        {
            stretches.Add(stretch);
        }
    }
}
