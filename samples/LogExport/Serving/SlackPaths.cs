using System.Text;
using IotOps.Slack;

namespace IotOps.Samples.LogExport.Serving;

/// <summary>What is served, by Kestrel and by Lambda alike.</summary>
internal static class SlackPaths
{
    /// <summary>The slash command's request URL.</summary>
    public const string Command = "/slack/iot-log";

    // A click on a link button is told to the app as well; without 200 for that Slack shows a warning beside the button.
    private const string Clicks = "/slack/interactivity";

    private const string Health = "/health";

    private static readonly SlackReply Healthy = new(200, "text/plain; charset=utf-8", Encoding.ASCII.GetBytes("ok"));

    /// <summary>The answer to all but a command; null for a command, which is to be read and verified.</summary>
    /// <param name="method">HTTP method.</param>
    /// <param name="path">Path of the URL.</param>
    /// <param name="query">Its query, encoded, with or without the question mark.</param>
    public static SlackReply? Answer(string method, string? path, string query) => (method, path) switch
    {
        ("POST", Command) => null,
        ("POST", Clicks) => SlackReply.Empty,
        ("GET", Health) => Healthy,
        // Slack's check of the URL may also come as a GET.
        ("GET", Command) when SlackRequestVerifier.IsSslCheck(Encoding.UTF8.GetBytes(query)) => SlackReply.Empty,
        (_, Command) => SlackReply.Refusal(405, "Slack posts its commands here."),
        _ => SlackReply.Refusal(404, "There is nothing here."),
    };
}
