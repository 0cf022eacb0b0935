using System.Text;
using IotOps.Slack;

namespace IotOps.SlackExport.Serving;

/// <summary>The HTTP answer to Slack.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="ContentType">Null for an answer without a body.</param>
/// <param name="Body">The body.</param>
internal sealed record SlackReply(int Status, string? ContentType, byte[] Body)
{
    /// <summary>200 and nothing to show.</summary>
    public static SlackReply Empty { get; } = new(200, null, []);

    /// <summary>A message.</summary>
    public static SlackReply Message(SlackResponse response) => new(200, "application/json; charset=utf-8", response.ToUtf8Json());

    /// <summary>A refusal; whoever sent the request learns no more than they need.</summary>
    public static SlackReply Refusal(int status, string why) => new(status, "text/plain; charset=utf-8", Encoding.UTF8.GetBytes(why));
}
