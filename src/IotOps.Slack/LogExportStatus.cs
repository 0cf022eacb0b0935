namespace IotOps.Slack;

/// <summary>The user asks how an export is getting on. Comes from <see cref="LogExportCommand.Parse"/> alone.</summary>
public sealed record LogExportStatus : LogExportCommand
{
    internal LogExportStatus(string id) => Id = id;

    /// <summary>The export: 1-128 letters, digits, <c>_</c> and <c>-</c>, the first of which is no <c>-</c>.</summary>
    public string Id { get; }

    private protected override string Format() => "status " + Id;
}
