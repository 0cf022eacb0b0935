namespace IotOps.Samples.FleetConsole.Store;

/// <summary>Which lines.</summary>
/// <param name="Errors">The range, and what the errors are.</param>
public sealed record LineQuery(ErrorQuery Errors)
{
    /// <summary>Of a client; null for all.</summary>
    public string? Client { get; init; }

    /// <summary>Of a principal; null for all.</summary>
    public string? Principal { get; init; }

    /// <summary>From an address; null for all.</summary>
    public string? Address { get; init; }

    /// <summary>Of a rule; null for all.</summary>
    public string? Rule { get; init; }

    /// <summary>The latest first; the oldest first unless set.</summary>
    public bool IsNewestFirst { get; init; }
}
