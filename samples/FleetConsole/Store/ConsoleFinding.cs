using IotOps.Fleet;

namespace IotOps.Samples.FleetConsole.Store;

/// <summary>Something that somebody should look at: a finding of an audit, an alarm of Detect, an anomaly of connections.</summary>
/// <param name="Key">Equal whenever the same thing is told again.</param>
/// <param name="Source">Who found it.</param>
/// <param name="Severity">How bad it is.</param>
/// <param name="Check">The check, the behavior, or the kind of anomaly.</param>
/// <param name="Resource">What it is about, such as <c>certificate 7b1e…</c>, a thing, a segment.</param>
/// <param name="Detail">Why, in words.</param>
/// <param name="Found">Since when.</param>
/// <param name="Updated">When it was told last; an older telling changes nothing.</param>
public sealed record ConsoleFinding(
    string Key, FindingSource Source, FindingSeverity Severity, string Check, string Resource, string Detail, DateTimeOffset Found, DateTimeOffset Updated)
{
    /// <summary>The thing; null when it is about none, or several.</summary>
    public string? Thing { get; init; }

    /// <summary>Whether it holds.</summary>
    public FindingState State { get; init; }

    /// <summary>How often it happened; null where nothing is counted.</summary>
    public long? Count { get; init; }

    /// <summary>How often it usually happens; null where nothing is expected.</summary>
    public double? Expected { get; init; }

    /// <summary>How likely so many are by chance; null where nothing is expected.</summary>
    public double? Probability { get; init; }

    /// <summary>The devices that are folded into it, each of which raises no alarm of its own.</summary>
    public IReadOnlyList<string> Members { get; init; } = [];

    /// <summary>As it was told, JSON; null when it was found here.</summary>
    public string? Json { get; init; }
}
