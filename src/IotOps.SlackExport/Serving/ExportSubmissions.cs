using IotOps.Archive;
using IotOps.Aws;
using IotOps.SlackExport.Environments;
using IotOps.SlackExport.Reporting;
using IotOps.SlackExport.Requests;
using IotOps.Slack;
using Microsoft.Extensions.Logging;

namespace IotOps.SlackExport.Serving;

/// <summary>
/// Submits one job for a request, however often it is made and in however many processes: the process that stores it submits it. Safe for concurrent use.
/// </summary>
internal sealed class ExportSubmissions(RequestIds ids, JobQuota quota, ExportMessages messages, ILogger logger)
{
    // Named by a claim where no job is known.
    private const string NoJob = "nothing";

    // Longer than a submission may take with all its retries.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Submits the export, or finds that it was submitted before.</summary>
    /// <exception cref="AwsException">AWS refused. When that is transient, the request counts as made for a minute.</exception>
    /// <exception cref="ExportQueueFullException">As many exports wait in this process as may; the request was not made.</exception>
    public async Task<SlackMessage> SubmitAsync(
        OpenEnvironment environment, SlashCommand command, LogExportQuery query, DateTimeOffset receivedAt, CancellationToken cancellationToken)
    {
        (string present, string? before) = ids.Of(command, query, receivedAt);
        var asked = new StoredRequest
        {
            Id = present,
            Identifier = query.Identifier,
            OtherIdentifiers = query.OtherIdentifiers is [] ? null : query.OtherIdentifiers,
            FromTime = query.FromTime,
            UntilTime = query.UntilTime,
            Contains = query.Contains,
            Matches = query.Matches,
            Categories = query.Categories,
            From = query.From,
            To = query.To,
            UserId = command.UserId,
            TeamId = command.TeamId,
            EnterpriseId = command.EnterpriseId,
            ChannelId = command.ChannelId,
            ResponseUrl = command.ResponseUrl!,
            ReceivedAt = receivedAt,
            Writer = Guid.NewGuid(),
        };
        string user = ids.OfUser(command);
        if (before is not null
            && await environment.Requests.FindAsync(before, cancellationToken).ConfigureAwait(false) is { } earlier
            && receivedAt - earlier.ReceivedAt < RequestIds.Overlap)
        {
            return await RepeatAsync(environment, earlier, asked with { Id = before }, user, cancellationToken).ConfigureAwait(false);
        }

        if (await environment.Requests.TryCreateAsync(asked, cancellationToken).ConfigureAwait(false))
        {
            return await SubmitNewAsync(environment, asked, user, cancellationToken).ConfigureAwait(false);
        }

        return await environment.Requests.FindAsync(present, cancellationToken).ConfigureAwait(false) is { } first
            ? await RepeatAsync(environment, first, asked, user, cancellationToken).ConfigureAwait(false)
            : ExportMessages.Plain("The same command failed just now; please ask again.");
    }

    private async Task<SlackMessage> SubmitNewAsync(OpenEnvironment environment, StoredRequest asked, string user, CancellationToken cancellationToken)
    {
        ExportJob job;
        try
        {
            if (await quota.TryTakeAsync(user, new JobMark(asked.ReceivedAt, asked.Writer), cancellationToken).ConfigureAwait(false) is { } next)
            {
                await environment.Requests.DeleteAsync(asked.Id, cancellationToken).ConfigureAwait(false);
                return OverQuota(asked, next);
            }

            job = await environment.Jobs.SubmitNewAsync(asked.ToExport(), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is ExportQueueFullException or AwsException { IsTransient: false })
        {
            // No job exists for certain, so the same command is a new request. After a transient failure there may be one: a repetition looks for it.
            await environment.Requests.DeleteAsync(asked.Id, cancellationToken).ConfigureAwait(false);
            throw;
        }

        Log.Submitted(logger, asked.Id, asked.ToString(), asked.UserId, job.Id);
        return messages.Accepted(asked);
    }

    private async Task<SlackMessage> RepeatAsync(OpenEnvironment environment, StoredRequest first, StoredRequest again, string user, CancellationToken cancellationToken)
    {
        Log.Repeated(logger, first.Id);
        ExportJob? job = await environment.Jobs.FindAsync(first.Id, cancellationToken).ConfigureAwait(false);
        return job?.Status switch
        {
            ExportJobStatus.Succeeded => messages.Status(first, job),
            ExportJobStatus.Failed => await ResubmitAsync(environment, again, user, job.Id, cancellationToken).ConfigureAwait(false),
            null when again.ReceivedAt - first.ReceivedAt >= Patience => await ResubmitAsync(environment, again, user, NoJob, cancellationToken).ConfigureAwait(false),
            null => messages.JustAsked(first),
            _ => messages.AlreadyAsked(first),
        };
    }

    private async Task<SlackMessage> ResubmitAsync(OpenEnvironment environment, StoredRequest again, string user, string after, CancellationToken cancellationToken)
    {
        if (!await environment.Requests.TryClaimRetryAsync(again.Id, after, cancellationToken).ConfigureAwait(false))
        {
            return messages.AlreadyAsked(again);
        }

        ExportJob job;
        try
        {
            if (await quota.TryTakeAsync(user, new JobMark(again.ReceivedAt, again.Writer), cancellationToken).ConfigureAwait(false) is { } next)
            {
                await environment.Requests.ReturnClaimAsync(again.Id, after, cancellationToken).ConfigureAwait(false);
                return OverQuota(again, next);
            }

            // The response_url of the first command may be spent.
            await environment.Requests.ReplaceAsync(again, cancellationToken).ConfigureAwait(false);
            job = await environment.Jobs.SubmitAsync(again.ToExport(), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is ExportQueueFullException or AwsException)
        {
            await environment.Requests.ReturnClaimAsync(again.Id, after, cancellationToken).ConfigureAwait(false);
            throw;
        }

        Log.Submitted(logger, again.Id, again.ToString(), again.UserId, job.Id);
        return messages.Accepted(again);
    }

    private SlackMessage OverQuota(StoredRequest asked, DateTimeOffset next)
    {
        Log.OverQuota(logger, asked.UserId);
        return ExportMessages.OverQuota(next - asked.ReceivedAt);
    }
}
