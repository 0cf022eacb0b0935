using System.Text;
using IotOps.SlackExport.Serving;

namespace IotOps.SlackExport.Lambda;

/// <summary>What a function behind a Function URL serves, where there is no web host to route.</summary>
/// <param name="command">The slash command's path.</param>
internal sealed class LambdaPaths(string command)
{
    // Slack posts a click on a link button to the app too, and shows a warning beside the button unless that is answered with 200.
    private const string Clicks = "/slack/interactivity";

    private const string Health = "/health";

    private static readonly SlackReply Healthy = new(200, "text/plain; charset=utf-8", Encoding.ASCII.GetBytes("ok"));

    /// <summary>The answer to anything but a command; null for a command, which is to be read and verified.</summary>
    /// <param name="method">HTTP method.</param>
    /// <param name="path">Path of the URL.</param>
    /// <param name="query">Its query, encoded, without the question mark.</param>
    public SlackReply? Answer(string method, string path, string query) => (method, path) switch
    {
        _ when path == command => CommandUrl.Answer(method, query),
        ("POST", Clicks) => SlackReply.Empty,
        ("GET", Health) => Healthy,
        _ => SlackReply.Refusal(404, "There is nothing here."),
    };
}
