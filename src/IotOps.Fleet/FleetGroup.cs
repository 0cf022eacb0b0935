namespace IotOps.Fleet;

/// <summary>A thing group.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Arn">Its ARN.</param>
public sealed record FleetGroup(string Name, string? Arn)
{
    /// <summary>The query that fills a dynamic group; null for a static one.</summary>
    public string? Query { get; init; }

    /// <summary>Whether a query fills it.</summary>
    public bool IsDynamic => Query is not null;

    /// <summary>ACTIVE, BUILDING or REBUILDING, for a dynamic group.</summary>
    public string? Status { get; init; }

    /// <summary>The group that it is in; null for none.</summary>
    public string? Parent { get; init; }

    /// <summary>What it is for; null when nobody said.</summary>
    public string? Description { get; init; }

    /// <summary>Its attributes.</summary>
    public IReadOnlyDictionary<string, string> Attributes { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
