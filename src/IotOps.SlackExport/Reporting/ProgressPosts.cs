using IotOps.Archive;
using IotOps.Slack;
using IotOps.SlackExport.Requests;

namespace IotOps.SlackExport.Reporting;

/// <summary>Passes an export's progress on to Slack without making the export wait.</summary>
internal sealed class ProgressPosts(SlackProgress slack, StoredRequest request, IProgress<LogExportProgress>? next, CancellationToken cancellationToken)
    : IProgress<LogExportProgress>
{
    // One post at a time; SlackProgress posts at most one a milestone and ignores the rest at once.
    private Task<SlackPostResult?> _last = Task.FromResult<SlackPostResult?>(null);

    public void Report(LogExportProgress value)
    {
        next?.Report(value);
        if (_last.IsCompleted && value.Percent < 100)
        {
            _last = slack.ReportAsync(value.Percent / 100.0, () => ExportMessages.Progress(request, value.Percent), cancellationToken);
        }
    }

    /// <summary>Waits for the post in flight.</summary>
    public Task<SlackPostResult?> EndAsync() => _last;
}
