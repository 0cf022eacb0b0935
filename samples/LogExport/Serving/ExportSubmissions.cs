using IotOps.Archive;
using IotOps.Aws;
using IotOps.Samples.LogExport.Environments;
using IotOps.Samples.LogExport.Reporting;
using IotOps.Samples.LogExport.Requests;
using IotOps.Slack;
using Microsoft.Extensions.Logging;

namespace IotOps.Samples.LogExport.Serving;

/// <summary>
/// Makes one job of a request, however often it is made and in however many processes: who stores it submits it. Safe for concurrent use.
/// </summary>
internal sealed class ExportSubmissions(ExportMessages messages, ILogger logger)
{
    // What a claim names where no job is known.
    private const string NoJob = "nothing";

    // Longer than a submission may take with all its retries.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Submits the export, or finds that it was.</summary>
    /// <exception cref="AwsException">AWS refused. When that is transient, the request counts as made for a minute.</exception>
    /// <exception cref="ExportQueueFullException">As many exports wait in this process as may; the request was not made.</exception>
    public async Task<SlackMessage> SubmitAsync(
        ExportEnvironment environment, SlashCommand command, LogExportQuery query, DateTimeOffset receivedAt, CancellationToken cancellationToken)
    {
        (string present, string? before) = RequestId.Of(command, query, receivedAt);
        var asked = new StoredRequest
        {
            Id = present,
            Identifier = query.Identifier,
            Categories = query.Categories,
            From = query.From,
            To = query.To,
            UserId = command.UserId,
            ChannelId = command.ChannelId,
            ResponseUrl = command.ResponseUrl!,
            ReceivedAt = receivedAt,
            Writer = Guid.NewGuid(),
        };
        if (before is not null
            && await environment.Requests.FindAsync(before, cancellationToken) is { } earlier
            && receivedAt - earlier.ReceivedAt < RequestId.Overlap)
        {
            return await RepeatAsync(environment, earlier, asked with { Id = before }, cancellationToken);
        }

        if (await environment.Requests.TryCreateAsync(asked, cancellationToken))
        {
            return await SubmitNewAsync(environment, asked, cancellationToken);
        }

        return await environment.Requests.FindAsync(present, cancellationToken) is { } first
            ? await RepeatAsync(environment, first, asked, cancellationToken)
            : ExportMessages.Plain("The same command failed just now; please ask again.");
    }

    private async Task<SlackMessage> SubmitNewAsync(ExportEnvironment environment, StoredRequest asked, CancellationToken cancellationToken)
    {
        ExportJob job;
        try
        {
            job = await environment.Jobs.SubmitNewAsync(asked.ToExport(), cancellationToken);
        }
        catch (Exception e) when (e is ExportQueueFullException or AwsException { IsTransient: false })
        {
            // There is no job for certain: asked again, it is a new request. Where there may be one, it is looked for when asked again.
            await environment.Requests.DeleteAsync(asked.Id, cancellationToken);
            throw;
        }

        Log.Submitted(logger, asked.Id, asked.ToString(), asked.UserId, job.Id);
        return messages.Accepted(asked);
    }

    private async Task<SlackMessage> RepeatAsync(ExportEnvironment environment, StoredRequest first, StoredRequest again, CancellationToken cancellationToken)
    {
        Log.Repeated(logger, first.Id);
        ExportJob? job = await environment.Jobs.FindAsync(first.Id, cancellationToken);
        return job?.Status switch
        {
            ExportJobStatus.Succeeded => messages.Status(first, job),
            ExportJobStatus.Failed => await ResubmitAsync(environment, again, job.Id, cancellationToken),
            null when again.ReceivedAt - first.ReceivedAt >= Patience => await ResubmitAsync(environment, again, NoJob, cancellationToken),
            null => messages.JustAsked(first),
            _ => messages.AlreadyAsked(first),
        };
    }

    private async Task<SlackMessage> ResubmitAsync(ExportEnvironment environment, StoredRequest again, string after, CancellationToken cancellationToken)
    {
        if (!await environment.Requests.TryClaimRetryAsync(again.Id, after, cancellationToken))
        {
            return messages.AlreadyAsked(again);
        }

        ExportJob job;
        try
        {
            // The response_url of the first command may be spent.
            await environment.Requests.ReplaceAsync(again, cancellationToken);
            job = await environment.Jobs.SubmitAsync(again.ToExport(), cancellationToken);
        }
        catch (Exception e) when (e is ExportQueueFullException or AwsException)
        {
            await environment.Requests.ReturnClaimAsync(again.Id, after, cancellationToken);
            throw;
        }

        Log.Submitted(logger, again.Id, again.ToString(), again.UserId, job.Id);
        return messages.Accepted(again);
    }
}
