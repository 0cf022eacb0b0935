using System.Text;
using IotOps.Slack;

namespace IotOps.SlackExport.Serving;

/// <summary>The HTTP answer to Slack.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="ContentType">Null for an answer without a body.</param>
/// <param name="Body">The body.</param>
internal sealed record SlackReply(int Status, string? ContentType, byte[] Body)
{
    /// <summary>Where the browser goes on; null for an answer that is no redirect.</summary>
    public Uri? Location { get; private init; }

    /// <summary>200 and nothing to show.</summary>
    public static SlackReply Empty { get; } = new(200, null, []);

    /// <summary>A message.</summary>
    public static SlackReply Message(SlackResponse response) => new(200, "application/json; charset=utf-8", response.ToUtf8Json());

    /// <summary>Sends a browser on; nobody keeps or passes on where to.</summary>
    public static SlackReply Redirect(Uri location) => new(302, null, []) { Location = location };

    /// <summary>Headers beside the content's own.</summary>
    public IEnumerable<KeyValuePair<string, string>> Headers() => Location is null
        ? []
        : [new("location", Location.AbsoluteUri), new("cache-control", "no-store"), new("referrer-policy", "no-referrer")];

    /// <summary>A refusal; whoever sent the request learns no more than they need.</summary>
    public static SlackReply Refusal(int status, string why) => new(status, "text/plain; charset=utf-8", Encoding.UTF8.GetBytes(why));
}
