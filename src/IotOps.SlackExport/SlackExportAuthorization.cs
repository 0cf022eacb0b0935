namespace IotOps.SlackExport;

/// <summary>
/// Who may export what. Nobody may do anything that no grant names: whoever else uses the command gets one fixed sentence, and nothing is stored or
/// submitted for them. Ids are Slack's, in capitals; the command's form carries them.
/// See <see href="https://docs.slack.dev/interactivity/implementing-slash-commands"/>.
/// </summary>
public sealed record SlackExportAuthorization
{
    /// <summary>Stands in a list for every one there is.</summary>
    public const string Any = "*";

    /// <summary>The Slack app, <c>A...</c>: its page Basic Information names it.</summary>
    public required string AppId { get; init; }

    /// <summary>The workspaces whose members may use the command, at least one.</summary>
    public required IReadOnlyList<SlackExportWorkspace> Workspaces { get; init; }

    /// <summary>How many exports one user may start within any hour, 1 to 10,000; 20 by default. Counted in the bucket of <see cref="SlackExportOptions.StateEnvironment"/>, for all processes together.</summary>
    public int JobsPerUserAndHour { get; init; } = 20;

    /// <summary>What is wrong with it; null when nothing.</summary>
    internal string? Problem(SlackExportOptions options) =>
        !IsId(AppId, "A") ? $"AppId is '{AppId}': the id of a Slack app, such as A0123456789."
        : Workspaces is null or [] ? "Workspaces is empty: list the workspaces whose members may use the command."
        : JobsPerUserAndHour is < 1 or > 10_000 ? $"JobsPerUserAndHour is {JobsPerUserAndHour}: 1 to 10,000."
        : Workspaces.Select(workspace => workspace.Problem(options)).FirstOrDefault(problem => problem is not null);

    /// <summary>Whether a word is an id of Slack's that begins with one of those letters.</summary>
    internal static bool IsId(string? id, string letters) =>
        id is { Length: >= 2 and <= 40 } && letters.Contains(id[0], StringComparison.Ordinal) && id.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c));
}
