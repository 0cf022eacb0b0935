using IotOps.Samples.Configuration;
using IotOps.SlackExport;

namespace IotOps.Samples.LogExport.Configuration;

/// <summary>Reads <c>slack.authorization</c>: who may export what.</summary>
internal static class AuthorizationConfig
{
    /// <summary>Null where there is none.</summary>
    public static SlackExportAuthorization? Read(ConfigReader slack)
    {
        if (!slack.Has("authorization"))
        {
            return null;
        }

        ConfigReader authorization = slack.Object("authorization");
        var defaults = new SlackExportAuthorization { AppId = "", Workspaces = [] };
        return new SlackExportAuthorization
        {
            AppId = authorization.RequiredString("app", "the Slack app's id, such as A0123456789"),
            Workspaces = [.. authorization.Objects("workspaces").Select(ReadWorkspace)],
            JobsPerUserAndHour = authorization.Integer("jobsPerUserAndHour", 1, 10_000) ?? defaults.JobsPerUserAndHour,
        };
    }

    /// <summary>The smallest section that would do, for a message.</summary>
    /// <param name="environments">Names of the environments.</param>
    public static string Smallest(IReadOnlyCollection<string> environments) =>
        $$"""
        slack: {
          authorization: {
            app: 'A0123456789', // the app's page Basic Information
            workspaces: [{ team: 'T0123456789', grants: [{ users: ['*'], {{(environments.Count == 0 ? "" : "environments: ['*'], ")}}categories: ['*'] }] }],
          },
        },
        """;

    private static SlackExportWorkspace ReadWorkspace(ConfigReader workspace) => new()
    {
        TeamId = workspace.String("team"),
        EnterpriseId = workspace.String("enterprise"),
        Grants = [.. workspace.Objects("grants").Select(ReadGrant)],
    };

    private static SlackExportGrant ReadGrant(ConfigReader grant) => new()
    {
        Users = grant.Strings("users"),
        UserGroups = grant.Strings("userGroups"),
        Channels = grant.Has("channels") ? grant.Strings("channels") : [SlackExportAuthorization.Any],
        Environments = grant.Strings("environments"),
        Categories = grant.Strings("categories"),
    };
}
