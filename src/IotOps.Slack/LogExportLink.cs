namespace IotOps.Slack;

/// <summary>The user asks for a fresh link to an export that is done. Comes from <see cref="LogExportCommand.Parse"/> alone.</summary>
public sealed record LogExportLink : LogExportCommand
{
    internal LogExportLink(string id) => Id = id;

    /// <summary>The export: 1-128 letters, digits, <c>_</c> and <c>-</c>, the first of which is no <c>-</c>.</summary>
    public string Id { get; }

    private protected override string Format() => "link " + Id;
}
