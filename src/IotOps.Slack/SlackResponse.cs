using IotOps.Slack.Messages;

namespace IotOps.Slack;

/// <summary>An answer to a slash command: the body of the HTTP answer itself, or a post to its response_url. Immutable.</summary>
/// <param name="Message">What it says.</param>
public sealed record SlackResponse(SlackMessage Message)
{
    /// <summary>Whether the whole channel sees it. False shows it to the user of the command alone.</summary>
    public bool IsInChannel { get; init; }

    /// <summary>Whether a post to the response_url replaces the answer before it. An ephemeral answer cannot replace one in the channel.</summary>
    public bool ReplaceOriginal { get; init; }

    /// <summary>Seen by the user of the command alone.</summary>
    public static SlackResponse Ephemeral(SlackMessage message) => new(message);

    /// <summary>Seen by the whole channel.</summary>
    public static SlackResponse InChannel(SlackMessage message) => new(message) { IsInChannel = true };

    /// <summary>The body, to be sent as <c>application/json; charset=utf-8</c>.</summary>
    public byte[] ToUtf8Json() => MessageJson.Write(json =>
    {
        json.WriteString("response_type"u8, IsInChannel ? "in_channel"u8 : "ephemeral"u8);
        if (ReplaceOriginal)
        {
            json.WriteBoolean("replace_original"u8, true);
        }

        Message.WriteTo(json);
    });
}
