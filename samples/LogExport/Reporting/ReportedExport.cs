using IotOps.Archive;
using IotOps.Aws;
using IotOps.Samples.LogExport.Requests;
using IotOps.Slack;
using Microsoft.Extensions.Logging;

namespace IotOps.Samples.LogExport.Reporting;

/// <summary>An export that tells in Slack how it is getting on: started, a third, two thirds, and done or failed.</summary>
internal sealed class ReportedExport
{
    // What a first attempt may have posted before its Spot capacity was taken: started and both milestones.
    private const int PostsOfAnAttempt = 3;

    private readonly LogExporter _exporter;
    private readonly SlackResponder _responder;
    private readonly SlackChat? _chat;
    private readonly ExportMessages _messages;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;

    public ReportedExport(LogExporter exporter, SlackResponder responder, SlackChat? chat, ExportMessages messages, TimeProvider timeProvider, ILogger logger)
    {
        _exporter = exporter;
        _responder = responder;
        _chat = chat;
        _messages = messages;
        _timeProvider = timeProvider;
        _logger = logger;
    }

    /// <summary>For the user, who may be a whole channel: account, role and bucket names are for whoever reads the log.</summary>
    public static string Reason(Exception e) => e switch
    {
        AwsException refused => $"AWS refused: {refused.Service} {refused.Operation} said {refused.Code}.",
        ArgumentException or InvalidDataException or InvalidOperationException => e.Message,
        _ => "The log of the job says why.",
    };

    /// <summary>Exports and reports. A post that Slack does not take is logged, and does not fail the export.</summary>
    /// <param name="asked">Who asked, and where the answers go.</param>
    /// <param name="request">What is exported, under the id of <paramref name="asked"/>.</param>
    /// <param name="isRetry">True when another attempt at the same job came before this one.</param>
    /// <param name="progress">Told as well; null for nobody.</param>
    /// <param name="cancellationToken">Ends the export so that it can go on later; nothing is posted about that.</param>
    /// <exception cref="ArgumentException">The answers may not go where they would have to; nothing was sent.</exception>
    public async Task<LogExportResult> RunAsync(
        StoredRequest asked, LogExportRequest request, bool isRetry, IProgress<LogExportProgress>? progress, CancellationToken cancellationToken)
    {
        SlackResponseUrl url = _responder.Open(asked.ResponseUrl, asked.ReceivedAt, isRetry ? PostsOfAnAttempt : 0);
        await using var slack = new SlackProgress(url, new SlackProgressOptions
        {
            StillRunning = _messages.StillRunning(asked),
            Chat = asked.ChannelId is null ? null : _chat,
            ChannelId = asked.ChannelId,
            TimeProvider = _timeProvider,
        });
        if (!isRetry)
        {
            Note(asked, await slack.StartedAsync(ExportMessages.Progress(asked, 10), cancellationToken));
        }

        var posts = new ProgressPosts(slack, asked, progress, cancellationToken);
        try
        {
            LogExportResult result = await _exporter.ExportAsync(request, posts, cancellationToken);
            Note(asked, await posts.EndAsync());
            Note(asked, await slack.DoneAsync(_messages.Done(asked, result, _timeProvider.GetUtcNow()), cancellationToken));
            return result;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever it was, somebody waits for the end.
            Log.ExportFailed(_logger, asked.Id, e);
            Note(asked, await posts.EndAsync());
            Note(asked, await slack.FailedAsync(_messages.Failed(asked, Reason(e)), cancellationToken));
            throw;
        }
    }

    private void Note(StoredRequest request, SlackPostResult? result)
    {
        if (result is { IsPosted: false } or { Detail.Length: > 0 })
        {
            Log.NotPosted(_logger, request.Id, result.Value.Outcome, result.Value.Detail);
        }
    }
}
