using IotOps.Archive;
using IotOps.Aws;
using IotOps.Slack;
using IotOps.SlackExport.Downloads;
using IotOps.SlackExport.Requests;
using Microsoft.Extensions.Logging;

namespace IotOps.SlackExport.Reporting;

/// <summary>An export that reports to Slack: started, a third, two thirds, and done or failed.</summary>
internal sealed class ReportedExport(LogExporter exporter, DownloadLinks links, SlackPoster poster, TimeProvider timeProvider, ILogger logger)
{
    /// <summary>Whether Slack took the word that the export failed.</summary>
    public bool HasPostedFailure { get; private set; }

    /// <summary>For the user, who may be a whole channel: account, role and bucket names are for whoever reads the log.</summary>
    public static string Reason(Exception e) => Words(e) is { Length: > 0 } words ? words : "The log of the job says why.";

    private static string Words(Exception e) => e switch
    {
        AwsException refused => $"AWS refused: {refused.Service} {refused.Operation} said {refused.Code}.",
        // .NET adds the name of a parameter, which is nothing to a user.
        ArgumentException => e.Message.Split(" (Parameter '", 2)[0].Trim(),
        InvalidDataException or InvalidOperationException => e.Message.Trim(),
        _ => "",
    };

    /// <summary>Exports and reports. A post that Slack does not take is logged, and does not fail the export.</summary>
    /// <param name="asked">Who asked, and where the answers go.</param>
    /// <param name="request">What is exported, under the id of <paramref name="asked"/>.</param>
    /// <param name="isRetry">True when another attempt at the same job came before this one.</param>
    /// <param name="progress">Receives the progress too; null for nobody.</param>
    /// <param name="cancellationToken">Ends the export so that it can be continued later; nothing is posted about that.</param>
    /// <exception cref="ArgumentException">The answers may not go where they would have to; nothing was sent.</exception>
    public async Task<LogExportResult> RunAsync(
        StoredRequest asked, LogExportRequest request, bool isRetry, IProgress<LogExportProgress>? progress, CancellationToken cancellationToken)
    {
        SlackResponseUrl url = poster.Open(asked, isRetry);
        SlackProgress slack = poster.Follow(asked, url, timeProvider);
        await using (slack.ConfigureAwait(false))
        {
            var link = new PrivateLink(url, poster.Chat);
            return await RunAsync(asked, request, isRetry, slack, link, progress, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<LogExportResult> RunAsync(
        StoredRequest asked,
        LogExportRequest request,
        bool isRetry,
        SlackProgress slack,
        PrivateLink link,
        IProgress<LogExportProgress>? progress,
        CancellationToken cancellationToken)
    {
        var posts = new ProgressPosts(slack, asked, progress, cancellationToken);
        try
        {
            TimeSpan? shortLife = links.Foresee(await exporter.ForeseeLinkAsync(request).ConfigureAwait(false));
            if (!isRetry)
            {
                Note(asked, await slack.StartedAsync(ExportMessages.Started(asked, shortLife), cancellationToken).ConfigureAwait(false));
            }

            LogExportResult result = await exporter.ExportAsync(request, posts, cancellationToken).ConfigureAwait(false);
            Note(asked, await posts.EndAsync().ConfigureAwait(false));
            LogExportResult told = await links.LinkAsync(asked, result, cancellationToken).ConfigureAwait(false);
            SlackMessage done = poster.Messages.Done(asked, told, timeProvider.GetUtcNow());
            if (result.Url is not null && poster is { Chat: not null, LinksInChannels: false } && asked.ChannelId is not null)
            {
                // Whoever has the link has the logs: the channel hears only that it is done.
                Note(asked, await link.PostAsync(asked, done, cancellationToken).ConfigureAwait(false));
                done = poster.Messages.DoneInChannel(asked, result);
            }

            Note(asked, await slack.DoneAsync(done, cancellationToken).ConfigureAwait(false));
            return result;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever it was, somebody waits for the end.
            Log.ExportFailed(logger, asked.Id, e);
            Note(asked, await posts.EndAsync().ConfigureAwait(false));
            SlackPostResult told = await slack.FailedAsync(poster.Messages.Failed(asked, Reason(e)), cancellationToken).ConfigureAwait(false);
            Note(asked, told);
            HasPostedFailure = told.IsPosted;
            throw;
        }
    }

    private void Note(StoredRequest request, SlackPostResult? result)
    {
        if (result is { IsPosted: false } or { Detail.Length: > 0 })
        {
            Log.NotPosted(logger, request.Id, result.Value.Outcome, result.Value.Detail);
        }
    }
}
