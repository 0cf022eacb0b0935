namespace IotOps.Slack;

/// <summary>The user asks that the links to an export end at once. Comes from <see cref="LogExportCommand.Parse"/> alone.</summary>
public sealed record LogExportRevoke : LogExportCommand
{
    internal LogExportRevoke(string id) => Id = id;

    /// <summary>The export: 1-128 letters, digits, <c>_</c> and <c>-</c>, the first of which is no <c>-</c>.</summary>
    public string Id { get; }

    private protected override string Format() => "revoke " + Id;
}
