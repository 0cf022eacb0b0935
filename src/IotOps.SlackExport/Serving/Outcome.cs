using IotOps.Slack;

namespace IotOps.SlackExport.Serving;

/// <summary>The outcome of a request, and the command whose response_url it is posted to when it is too late for the HTTP answer.</summary>
internal sealed record Outcome(SlackReply Reply)
{
    /// <summary>The message of <see cref="Reply"/>; null for a refusal, which is never posted anywhere.</summary>
    public SlackResponse? Response { get; private init; }

    /// <summary>The verified command; null for a refusal.</summary>
    public SlashCommand? Command { get; private init; }

    public static Outcome Refused(int status, string why) => new(SlackReply.Refusal(status, why));

    public static Outcome Of(SlashCommand command, SlackMessage message)
    {
        SlackResponse response = SlackResponse.Ephemeral(message);
        return new Outcome(SlackReply.Message(response)) { Response = response, Command = command };
    }
}
