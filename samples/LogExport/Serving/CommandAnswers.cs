using IotOps.Archive;
using IotOps.Aws;
using IotOps.Samples.LogExport.Environments;
using IotOps.Samples.LogExport.Reporting;
using IotOps.Samples.LogExport.Requests;
using IotOps.Slack;
using Microsoft.Extensions.Logging;
using SlackRequest = IotOps.Slack.LogExportRequest;

namespace IotOps.Samples.LogExport.Serving;

/// <summary>What is answered to a command that Slack signed. Safe for concurrent use.</summary>
internal sealed class CommandAnswers(LogExportCommandOptions options, ExportEnvironments environments, ExportMessages messages, TimeProvider timeProvider, ILogger logger)
{
    // Longer than a submission may take with all its retries.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Answers; what AWS refuses is an answer too.</summary>
    public async Task<SlackMessage> AnswerAsync(SlashCommand command, DateTimeOffset receivedAt, CancellationToken cancellationToken)
    {
        LogExportParseResult parsed = LogExportCommand.Parse(command.Text, options);
        if (!parsed.IsCommand)
        {
            return parsed.ToProblemMessage();
        }

        try
        {
            return parsed.Command switch
            {
                SlackRequest request => await SubmitAsync(command, request, receivedAt, cancellationToken),
                LogExportStatus status => await WithRequestAsync(status.Id, StatusAsync, cancellationToken),
                LogExportLink link => await WithRequestAsync(link.Id, LinkAsync, cancellationToken),
                _ => LogExportHelp.ToMessage(options),
            };
        }
        catch (AwsException e)
        {
            // The code is for the user; account, role and bucket names are for whoever reads the log.
            Log.CommandFailed(logger, e.Message);
            return ExportMessages.Plain($"AWS refused: {e.Service} {e.Operation} said {e.Code}. {(e.IsTransient ? "Please ask again in a minute." : "Please tell whoever runs this app.")}");
        }
        catch (ExportQueueFullException e)
        {
            return ExportMessages.Plain(e.Message);
        }
    }

    private async Task<SlackMessage> SubmitAsync(SlashCommand command, SlackRequest request, DateTimeOffset receivedAt, CancellationToken cancellationToken)
    {
        ExportEnvironment environment = environments.Get(request.Environment);
        (string present, string before) = RequestId.Of(command, request, receivedAt);
        if (await environment.Requests.FindAsync(before, cancellationToken) is { } earlier && receivedAt - earlier.ReceivedAt < RequestId.Window)
        {
            return await RepeatAsync(environment, earlier, receivedAt, cancellationToken);
        }

        var asked = new StoredRequest
        {
            Id = present,
            Identifier = request.Identifier,
            Categories = request.Categories,
            From = request.From,
            To = request.To,
            UserId = command.UserId,
            ChannelId = command.ChannelId,
            ResponseUrl = command.ResponseUrl!,
            ReceivedAt = receivedAt,
            Writer = Guid.NewGuid(),
        };
        return await environment.Requests.TryCreateAsync(asked, cancellationToken)
            ? await SubmitNewAsync(environment, asked, request, cancellationToken)
            : await environment.Requests.FindAsync(present, cancellationToken) is { } first
                ? await RepeatAsync(environment, first, receivedAt, cancellationToken)
                : ExportMessages.Plain("The same command failed just now; please ask again.");
    }

    private async Task<SlackMessage> SubmitNewAsync(ExportEnvironment environment, StoredRequest asked, SlackRequest request, CancellationToken cancellationToken)
    {
        ExportJob job;
        try
        {
            job = await environment.Jobs.SubmitAsync(asked.ToExport(), cancellationToken);
        }
        catch (Exception e) when (e is AwsException or ExportQueueFullException)
        {
            // Asked again, it is a new request: the user need not wait for a window to pass.
            await environment.Requests.DeleteAsync(asked.Id, cancellationToken);
            throw;
        }

        await environment.Requests.WriteJobAsync(asked.Id, job.Id, cancellationToken);
        Log.Submitted(logger, asked.Id, request.ToString(), asked.UserId, job.Id);
        return messages.Accepted(asked);
    }

    private async Task<SlackMessage> RepeatAsync(ExportEnvironment environment, StoredRequest asked, DateTimeOffset receivedAt, CancellationToken cancellationToken)
    {
        Log.Repeated(logger, asked.Id);
        string? jobId = await environment.Requests.FindJobAsync(asked.Id, cancellationToken);
        if (jobId is null)
        {
            if (receivedAt - asked.ReceivedAt < Patience)
            {
                return messages.AlreadyAsked(asked);
            }

            // Whoever stored it was gone before its job was noted; SubmitAsync finds the job if there is one.
            ExportJob found = await environment.Jobs.SubmitAsync(asked.ToExport(), cancellationToken);
            await environment.Requests.WriteJobAsync(asked.Id, found.Id, cancellationToken);
            return messages.Accepted(asked);
        }

        ExportJob? job = await environment.Jobs.FindAsync(jobId, cancellationToken);
        if (job?.Status == ExportJobStatus.Failed && await environment.Requests.TryClaimRetryAsync(asked.Id, jobId, cancellationToken))
        {
            ExportJob again = await environment.Jobs.SubmitAsync(asked.ToExport(), cancellationToken);
            await environment.Requests.WriteJobAsync(asked.Id, again.Id, cancellationToken);
            return messages.Accepted(asked);
        }

        return job?.Status == ExportJobStatus.Succeeded ? messages.Status(asked, job) : messages.AlreadyAsked(asked);
    }

    private async Task<SlackMessage> StatusAsync(ExportEnvironment environment, StoredRequest asked, CancellationToken cancellationToken)
    {
        string? jobId = await environment.Requests.FindJobAsync(asked.Id, cancellationToken);
        return messages.Status(asked, jobId is null ? null : await environment.Jobs.FindAsync(jobId, cancellationToken));
    }

    private async Task<SlackMessage> LinkAsync(ExportEnvironment environment, StoredRequest asked, CancellationToken cancellationToken) =>
        await environment.Exporter.FindAsync(asked.Id, cancellationToken) is { } result
            ? messages.Done(asked, result, timeProvider.GetUtcNow())
            : await StatusAsync(environment, asked, cancellationToken);

    private async Task<SlackMessage> WithRequestAsync(
        string id, Func<ExportEnvironment, StoredRequest, CancellationToken, Task<SlackMessage>> answer, CancellationToken cancellationToken)
    {
        ExportEnvironment? environment = environments.Of(id);
        StoredRequest? asked = environment is null ? null : await environment.Requests.FindAsync(id, cancellationToken);
        return asked is null
            ? ExportMessages.Plain($"There is no request {id}, or none any more: requests and log files are kept for a day. Ask for the logs again.")
            : await answer(environment!, asked, cancellationToken);
    }
}
