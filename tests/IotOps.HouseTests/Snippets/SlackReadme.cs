using System.Text;
using IotOps.Slack;

namespace IotOps.HouseTests.Snippets;

/// <summary>The code of src/IotOps.Slack/README.md.</summary>
internal static class SlackReadme
{
    public static async Task<(int Status, byte[] Body)> Answer(
        string oldSecret, string newSecret, Dictionary<string, string?> headers, ReadOnlyMemory<byte> body)
    {
        var verifier = new SlackRequestVerifier(new SlackRequestVerifierOptions { SigningSecrets = [oldSecret, newSecret] });
        var commands = new LogExportCommandOptions { Environments = ["dev", "stg", "prod"], DefaultEnvironment = "dev" };

        SlackVerification verdict = await verifier.VerifyAsync(SlackRequestHeaders.Find(headers), body);
        if (verdict != SlackVerification.Accepted)
        {
            return (verdict == SlackVerification.SslCheck ? 200 : 401, []);
        }

        if (!SlashCommand.TryParse(body.Span, out SlashCommand? command, out string? problem))
        {
            return (400, Encoding.UTF8.GetBytes(problem));
        }

        LogExportParseResult parsed = LogExportCommand.Parse(command.Text, commands);
        SlackMessage answer = parsed.Command switch
        {
            LogExportQuery query => new SlackMessage(SlackText.Markup($"Generating log file of *{query.Identifier}*, {query.Window}...")),
            LogExportHelp => LogExportHelp.ToMessage(commands),
            null => parsed.ToProblemMessage(),
            _ => new SlackMessage("Looking it up..."),
        };
        return (200, SlackResponse.Ephemeral(answer).ToUtf8Json());
    }

    public static async Task Job(Uri responseUrl, DateTimeOffset receivedAt, string thing, Uri link)
    {
        using var responder = new SlackResponder();
        SlackResponseUrl url = responder.Open(responseUrl, receivedAt);
        await using var progress = new SlackProgress(url, new SlackProgressOptions { StillRunning = new SlackMessage("Still running; ask `/iot-log status 42`.") });

        await progress.StartedAsync(new SlackMessage("Started."));
        await progress.ReportAsync(0.4, () => new SlackMessage("40 % done."));
        await progress.DoneAsync(new SlackMessage(
            "Your logs are ready.",
            new SlackSection(SlackText.Markup($"Logs of *{thing}*, the link is valid for 60 minutes")),
            new SlackActions(new SlackLinkButton("Download", link) { IsPrimary = true })));
    }
}
