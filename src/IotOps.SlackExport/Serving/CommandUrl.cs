using System.Text;
using IotOps.Slack;

namespace IotOps.SlackExport.Serving;

/// <summary>What the command's URL answers without looking into the request.</summary>
internal static class CommandUrl
{
    /// <summary>The answer to anything but a command; null for a command, which is to be read and verified.</summary>
    /// <param name="method">HTTP method.</param>
    /// <param name="query">The URL's query, encoded, with or without the question mark.</param>
    public static SlackReply? Answer(string method, string query) => method switch
    {
        "POST" => null,
        // Slack's check of the URL may come as a GET too.
        "GET" when SlackRequestVerifier.IsSslCheck(Encoding.UTF8.GetBytes(query)) => SlackReply.Empty,
        _ => SlackReply.Refusal(405, "Slack posts its commands here."),
    };
}
