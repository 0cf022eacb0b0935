using System.Globalization;
using IotOps.Slack;
using Microsoft.Extensions.Logging;

namespace IotOps.SlackExport.Authorizing;

/// <summary>A line a decision: who asked for what, from where, and whether it was granted. No secret, and nothing that could begin a line of its own.</summary>
internal sealed class Audit(ILogger logger)
{
    private const int MostCharacters = 200;

    /// <summary>It was granted.</summary>
    public void Granted(SlashCommand command, string asked) => Log.Granted(logger, Who(command), Plain(asked));

    /// <summary>It was denied.</summary>
    public void Denied(SlashCommand command, string asked, string why) => Log.Denied(logger, Who(command), Plain(asked), why);

    /// <summary>Text in one line: what is no printable ASCII character shows as '?'.</summary>
    internal static string Plain(string? text) =>
        string.IsNullOrEmpty(text) ? "none" : string.Concat(text.Take(MostCharacters).Select(c => c is >= ' ' and <= '~' ? c : '?'));

    private static string Who(SlashCommand command) => string.Create(
        CultureInfo.InvariantCulture,
        $"user {Plain(command.UserId)} of workspace {Plain(command.TeamId)}, organisation {Plain(command.EnterpriseId)}, in channel {Plain(command.ChannelId)}, by app {Plain(command.ApiAppId)}");
}
