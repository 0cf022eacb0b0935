using System.Collections.Concurrent;
using IotOps.Slack;
using Microsoft.Extensions.Logging;

namespace IotOps.SlackExport.Authorizing;

/// <summary>Who is in which user group, as Slack says, remembered for five minutes. Safe for concurrent use.</summary>
/// <param name="chat">Asks Slack; null where there is no bot, and nobody is a member.</param>
/// <param name="timeProvider">Clock of the five minutes.</param>
/// <param name="logger">Hears of a Slack that does not answer.</param>
internal sealed class UserGroupMembers(SlackChat? chat, TimeProvider timeProvider, ILogger logger)
{
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<(string Group, string? Team), (HashSet<string> Members, long Since)> _known = new();

    /// <summary>Whether a user is in a group. False when Slack does not say so.</summary>
    public async Task<bool> HasAsync(string group, string? team, string user, CancellationToken cancellationToken)
    {
        if (chat is null)
        {
            return false;
        }

        if (_known.TryGetValue((group, team), out (HashSet<string> Members, long Since) known) && timeProvider.GetElapsedTime(known.Since) < Remembered)
        {
            return known.Members.Contains(user);
        }

        try
        {
            IReadOnlyList<string> members = await chat.ListUserGroupMembersAsync(group, team, cancellationToken).ConfigureAwait(false);
            HashSet<string> set = new(members, StringComparer.Ordinal);
            _known[(group, team)] = (set, timeProvider.GetTimestamp());
            return set.Contains(user);
        }
        catch (SlackException e)
        {
            Log.UserGroupUnknown(logger, group, e.Message);
            return false;
        }
    }
}
