namespace IotOps.SlackExport;

/// <summary>A workspace, or all workspaces of an organisation, and what its members may export.</summary>
public sealed record SlackExportWorkspace
{
    /// <summary>The workspace, <c>T...</c>. Null means every workspace of <see cref="EnterpriseId"/>.</summary>
    public string? TeamId { get; init; }

    /// <summary>The organisation that the workspace belongs to, <c>E...</c>; null for a workspace of no organisation. A command must carry just this.</summary>
    public string? EnterpriseId { get; init; }

    /// <summary>What may be exported by whom, at least one. A command is allowed when the grants that fit its user and channel cover all of it.</summary>
    public required IReadOnlyList<SlackExportGrant> Grants { get; init; }

    internal string? Problem(SlackExportOptions options) =>
        TeamId is null && EnterpriseId is null ? "A workspace has neither TeamId nor EnterpriseId."
        : TeamId is not null && !SlackExportAuthorization.IsId(TeamId, "T") ? $"TeamId is '{TeamId}': the id of a workspace, such as T0123456789."
        : EnterpriseId is not null && !SlackExportAuthorization.IsId(EnterpriseId, "E") ? $"EnterpriseId is '{EnterpriseId}': the id of an organisation, such as E0123456789."
        : Grants is null or [] ? $"Grants is empty in the workspace {TeamId ?? EnterpriseId}: nobody there could export anything."
        : Grants.Select(grant => grant.Problem(options)).FirstOrDefault(problem => problem is not null);
}
