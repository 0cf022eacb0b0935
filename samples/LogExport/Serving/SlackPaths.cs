using System.Text;

namespace IotOps.Samples.LogExport.Serving;

/// <summary>What is served, by Kestrel and by Lambda alike.</summary>
internal static class SlackPaths
{
    /// <summary>The slash command's request URL.</summary>
    public const string Command = "/slack/iot-log";

    /// <summary>Says that the program is up.</summary>
    public const string Health = "/health";

    public static SlackReply Healthy { get; } = new(200, "text/plain; charset=utf-8", Encoding.ASCII.GetBytes("ok"));

    public static SlackReply NotFound { get; } = SlackReply.Refusal(404, "There is nothing here.");
}
