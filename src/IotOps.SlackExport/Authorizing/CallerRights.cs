namespace IotOps.SlackExport.Authorizing;

/// <summary>The grants that fit whoever sent a command, and the channel it came from.</summary>
internal sealed class CallerRights(IReadOnlyList<SlackExportGrant> grants)
{
    /// <summary>A stranger's.</summary>
    public static CallerRights None { get; } = new([]);

    /// <summary>True when no grant fits: the caller is a stranger.</summary>
    public bool IsNone => grants.Count == 0;

    /// <summary>Whether the grants together cover every category in that environment; null is the one without a name.</summary>
    public bool Allow(string? environment, IEnumerable<string> categories) =>
        categories.All(category => grants.Any(grant => grant.Covers(environment, category)));
}
