using IotOps.Slack;
using IotOps.SlackExport.Environments;
using IotOps.SlackExport.Reporting;
using IotOps.SlackExport.Requests;
using Microsoft.Extensions.Logging;

namespace IotOps.SlackExport.Serving;

/// <summary>
/// Says in Slack that a job failed which could not say so itself, because its container never ran or was killed. Safe for concurrent use.
/// </summary>
internal sealed class FailedJobReports(OpenEnvironments environments, SlackPoster poster, TimeProvider timeProvider, ILogger logger)
{
    /// <summary>Posts to whoever requested the job, once. A job that nobody requested in Slack, or that told its user itself, is logged and no more.</summary>
    /// <exception cref="InvalidOperationException">Slack did not take the post and may do so later: the event is to come again.</exception>
    public async Task ReportAsync(FailedJob job, CancellationToken cancellationToken)
    {
        Log.JobFailed(logger, job.Name, job.Id, job.ExitCode, job.Why);
        if (job.HasPosted || !environments.TryName(job.Name, out string? name))
        {
            return;
        }

        OpenEnvironment environment = environments.Get(name);
        if (await environment.Requests.FindAsync(job.Name, cancellationToken).ConfigureAwait(false) is not { } asked)
        {
            return;
        }

        if (await environment.Jobs.FindAsync(job.Name, cancellationToken).ConfigureAwait(false) is { } newest && newest.Id != job.Id)
        {
            // The user asked again meanwhile, and hears of that job.
            return;
        }

        // EventBridge may deliver an event twice.
        if (!await environment.Requests.TryClaimReportAsync(job.Name, job.Id, cancellationToken).ConfigureAwait(false))
        {
            return;
        }

        SlackPostResult result = await PostAsync(asked, job, cancellationToken).ConfigureAwait(false);
        if (result.IsPosted)
        {
            return;
        }

        Log.NotPosted(logger, job.Name, result.Outcome, result.Detail);
        if (result.Outcome is SlackPostOutcome.Failed or SlackPostOutcome.RateLimited)
        {
            await environment.Requests.ReturnReportAsync(job.Name, job.Id, cancellationToken).ConfigureAwait(false);
            throw new InvalidOperationException($"Slack did not take the word that the job of request {job.Name} failed: {result.Outcome}.");
        }
    }

    private async Task<SlackPostResult> PostAsync(StoredRequest asked, FailedJob job, CancellationToken cancellationToken)
    {
        SlackProgress slack = poster.Follow(asked, poster.Open(asked, isContinued: job.HasRun), timeProvider);
        await using (slack.ConfigureAwait(false))
        {
            return await slack.FailedAsync(poster.Messages.Failed(asked, job.Reason), cancellationToken).ConfigureAwait(false);
        }
    }
}
