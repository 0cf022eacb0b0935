using IotOps.Samples.FleetConsole.Store;

namespace IotOps.Samples.FleetConsole.Frame;

/// <summary>What every page needs beside what it shows.</summary>
public sealed record PageContext
{
    /// <summary>The console's clock, from which "ago" is counted.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>The entry of the navigation that the page belongs to; empty for none.</summary>
    public string Section { get; init; } = "";

    /// <summary>The page's own address, path and query.</summary>
    public string Address { get; init; } = "/";

    /// <summary>Who looks; null for nobody yet.</summary>
    public string? User { get; init; }

    /// <summary>Their role.</summary>
    public string Role { get; init; } = "";

    /// <summary>Whether they can sign out.</summary>
    public bool HasSession { get; init; }

    /// <summary>What stands under the console's name.</summary>
    public string Place { get; init; } = "";

    /// <summary><c>light</c>, <c>dark</c>, or null for the system's choice.</summary>
    public string? Theme { get; init; }

    /// <summary>What forms carry, so that no other site can send them.</summary>
    public string FormToken { get; init; } = "";

    /// <summary>What the store holds; null where the page shows nothing of it.</summary>
    public StoreStatus? Status { get; init; }

    /// <summary>Quarantines that stopped and wait for somebody.</summary>
    public int StoppedQuarantines { get; init; }

    /// <summary>The address that shows the same when it is opened later; null when <see cref="Address"/> does.</summary>
    public string? Permalink { get; init; }

    /// <summary>Whether the page follows what arrives.</summary>
    public bool IsLive { get; init; }

    /// <summary>Rows that were read for the page.</summary>
    public long Rows { get; init; }

    /// <summary>How long that took.</summary>
    public TimeSpan Took { get; init; }

    public bool IsResponder => Role == Roles.Responder;
}
