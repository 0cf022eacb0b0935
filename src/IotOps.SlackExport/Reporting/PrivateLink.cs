using IotOps.Slack;
using IotOps.SlackExport.Requests;

namespace IotOps.SlackExport.Reporting;

/// <summary>Gives a link to who asked and to nobody else.</summary>
/// <param name="url">The command's response_url: what is posted there is seen by that user alone.</param>
/// <param name="chat">Posts a direct message when the response_url takes none any more; null where there is no bot.</param>
internal sealed class PrivateLink(SlackResponseUrl url, SlackChat? chat)
{
    public async Task<SlackPostResult> PostAsync(StoredRequest asked, SlackMessage message, CancellationToken cancellationToken)
    {
        SlackPostResult result = await url.PostAsync(SlackPostKind.Done, SlackResponse.Ephemeral(message), cancellationToken).ConfigureAwait(false);
        if (result.IsPosted || chat is null)
        {
            return result;
        }

        try
        {
            await chat.PostMessageAsync(asked.UserId, message, cancellationToken: cancellationToken).ConfigureAwait(false);
            return new SlackPostResult(SlackPostOutcome.Posted, "");
        }
        catch (SlackException e)
        {
            return result with { Detail = $"{result.Detail} {e.Message}" };
        }
    }
}
