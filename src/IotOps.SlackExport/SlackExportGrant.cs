namespace IotOps.SlackExport;

/// <summary>What some users may export, from where they may ask. <see cref="SlackExportAuthorization.Any"/> in a list stands for every one.</summary>
public sealed record SlackExportGrant
{
    /// <summary>Users, <c>U...</c> or <c>W...</c>. A user is meant who is here or in one of <see cref="UserGroups"/>.</summary>
    public IReadOnlyList<string> Users { get; init; } = [];

    /// <summary>User groups, <c>S...</c>, whose members are asked of Slack, at most every five minutes: needs <see cref="SlackExportOptions.BotToken"/> with the scope <c>usergroups:read</c>. When Slack does not answer, nobody is a member.</summary>
    public IReadOnlyList<string> UserGroups { get; init; } = [];

    /// <summary>Channels or conversations, <c>C...</c>, <c>G...</c> or <c>D...</c>, that the command may be used in; any by default.</summary>
    public IReadOnlyList<string> Channels { get; init; } = [SlackExportAuthorization.Any];

    /// <summary>Names of environments. Needed where environments have names.</summary>
    public IReadOnlyList<string> Environments { get; init; } = [];

    /// <summary>Names of categories, at least one.</summary>
    public required IReadOnlyList<string> Categories { get; init; }

    /// <summary>Whether the grant covers a category of an environment; null is the environment without a name.</summary>
    internal bool Covers(string? environment, string category) => (environment is null || Has(Environments, environment)) && Has(Categories, category);

    /// <summary>Whether a list has a word, or stands for all.</summary>
    internal static bool Has(IReadOnlyList<string> list, string? word) =>
        list.Contains(SlackExportAuthorization.Any, StringComparer.Ordinal) || (word is not null && list.Contains(word, StringComparer.Ordinal));

    internal string? Problem(SlackExportOptions options)
    {
        string[] environments = [.. options.Environments.Select(e => e.Name).OfType<string>()];
        string[] categories = [.. options.Layout.Categories.Select(c => c.Name)];
        return this switch
        {
            { Users: null } or { UserGroups: null } or { Channels: null } or { Environments: null } or { Categories: null } => "A list of a grant is null.",
            { Users: [], UserGroups: [] } => "A grant names no user: list Users or UserGroups, or '*' for every member of the workspace.",
            { Channels: [] } => "Channels is empty in a grant: list channels, or '*' for any.",
            { Categories: [] } => $"Categories is empty in a grant: {string.Join(", ", categories)}, or '*' for all.",
            { Environments: [] } when environments is not [] => $"Environments is empty in a grant: {string.Join(", ", environments)}, or '*' for all.",
            { UserGroups: not [] } when options.BotToken is null => "UserGroups needs BotToken, with the scope usergroups:read.",
            _ => Odd(Users, id => SlackExportAuthorization.IsId(id, "UW")) is { } user ? $"'{user}' in Users is no user's id: such as U0123456789; the profile's menu in Slack copies it."
                : Odd(UserGroups, id => SlackExportAuthorization.IsId(id, "S")) is { } group ? $"'{group}' in UserGroups is no user group's id: such as S0123456789."
                : Odd(Channels, id => SlackExportAuthorization.IsId(id, "CGD")) is { } channel ? $"'{channel}' in Channels is no channel's id: such as C0123456789; the channel's details in Slack show it."
                : Odd(Environments, environments.Contains) is { } environment ? $"There is no environment '{environment}', which a grant names; there are {string.Join(", ", environments)}."
                : Odd(Categories, categories.Contains) is { } category ? $"There is no category '{category}', which a grant names; there are {string.Join(", ", categories)}."
                : null,
        };
    }

    private static string? Odd(IReadOnlyList<string> list, Func<string, bool> isRight) => list.FirstOrDefault(word => word != SlackExportAuthorization.Any && !isRight(word));
}
