using IotOps.Slack;

namespace IotOps.SlackExport.Authorizing;

/// <summary>Finds the grants that fit a verified command. Safe for concurrent use.</summary>
internal sealed class Authorizer(SlackExportAuthorization rules, UserGroupMembers groups)
{
    /// <summary>The caller's rights; none for another app's, another workspace's or another user's command.</summary>
    public async Task<CallerRights> RightsAsync(SlashCommand command, CancellationToken cancellationToken)
    {
        if (command.ApiAppId != rules.AppId)
        {
            return CallerRights.None;
        }

        List<SlackExportGrant> fitting = [];
        foreach (SlackExportGrant grant in rules.Workspaces.Where(workspace => IsFrom(command, workspace)).SelectMany(workspace => workspace.Grants))
        {
            if (SlackExportGrant.Has(grant.Channels, command.ChannelId) && await IsMeantAsync(grant, command, cancellationToken).ConfigureAwait(false))
            {
                fitting.Add(grant);
            }
        }

        return new CallerRights(fitting);
    }

    // Slack leaves enterprise_id out, or empty, where there is no organisation.
    private static bool IsFrom(SlashCommand command, SlackExportWorkspace workspace) =>
        (workspace.TeamId is null || workspace.TeamId == command.TeamId)
        && (workspace.EnterpriseId ?? "") == (command.EnterpriseId ?? "");

    private async Task<bool> IsMeantAsync(SlackExportGrant grant, SlashCommand command, CancellationToken cancellationToken)
    {
        if (SlackExportGrant.Has(grant.Users, command.UserId))
        {
            return true;
        }

        foreach (string group in grant.UserGroups)
        {
            if (group == SlackExportAuthorization.Any || await groups.HasAsync(group, command.TeamId, command.UserId, cancellationToken).ConfigureAwait(false))
            {
                return true;
            }
        }

        return false;
    }
}
