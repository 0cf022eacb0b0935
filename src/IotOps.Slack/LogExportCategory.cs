namespace IotOps.Slack;

/// <summary>A category of logs that may be asked for.</summary>
/// <param name="Name">Its canonical name, in lower case: <c>command</c>.</param>
public sealed record LogExportCategory(string Name)
{
    /// <summary>Other words for it, such as <c>commands</c>.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>Whether it may be asked for all devices at once, by the identifier <c>client_id</c>: <c>lifecycle</c> may.</summary>
    public bool AllowsEveryDevice { get; init; }
}
