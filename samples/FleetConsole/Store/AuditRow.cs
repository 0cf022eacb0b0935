namespace IotOps.Samples.FleetConsole.Store;

/// <summary>Something that was done in the console.</summary>
/// <param name="Time">When.</param>
/// <param name="Who">Who.</param>
/// <param name="Role">In which role.</param>
/// <param name="Act">What, such as <c>quarantine.run</c>.</param>
/// <param name="Target">To what; null for nothing.</param>
/// <param name="Outcome">What became of it, such as <c>granted</c>, <c>refused</c>, <c>failed</c>.</param>
public sealed record AuditRow(DateTimeOffset Time, string Who, string Role, string Act, string? Target, string Outcome)
{
    /// <summary>Its number; chosen when it is written.</summary>
    public long Number { get; init; }

    /// <summary>Where the request came from.</summary>
    public string? Address { get; init; }

    /// <summary>More, in words.</summary>
    public string? Detail { get; init; }
}
