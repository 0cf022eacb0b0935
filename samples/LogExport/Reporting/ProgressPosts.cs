using IotOps.Archive;
using IotOps.Samples.LogExport.Requests;
using IotOps.Slack;

namespace IotOps.Samples.LogExport.Reporting;

/// <summary>Hands an export's progress on to Slack, without making the export wait for it.</summary>
internal sealed class ProgressPosts(SlackProgress slack, StoredRequest request, IProgress<LogExportProgress>? next, CancellationToken cancellationToken)
    : IProgress<LogExportProgress>
{
    // One after the other, and at most one a milestone: SlackProgress answers at once to all else.
    private Task<SlackPostResult?> _last = Task.FromResult<SlackPostResult?>(null);

    public void Report(LogExportProgress value)
    {
        next?.Report(value);
        if (_last.IsCompleted && value.Percent < 100)
        {
            _last = slack.ReportAsync(value.Percent / 100.0, () => ExportMessages.Progress(request, value.Percent), cancellationToken);
        }
    }

    /// <summary>Waits for the post under way.</summary>
    public Task<SlackPostResult?> EndAsync() => _last;
}
