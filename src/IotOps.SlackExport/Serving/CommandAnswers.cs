using IotOps.Archive;
using IotOps.Aws;
using IotOps.SlackExport.Environments;
using IotOps.SlackExport.Reporting;
using IotOps.SlackExport.Requests;
using IotOps.Slack;
using Microsoft.Extensions.Logging;

namespace IotOps.SlackExport.Serving;

/// <summary>Answers commands that Slack signed. Safe for concurrent use.</summary>
internal sealed class CommandAnswers(LogExportCommandOptions options, OpenEnvironments environments, ExportMessages messages, TimeProvider timeProvider, ILogger logger)
{
    private readonly ExportSubmissions _submissions = new(messages, logger);

    /// <summary>Carries a command out and words the answer; a refusal of AWS is an answer too.</summary>
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
                LogExportQuery query => await _submissions.SubmitAsync(environments.Get(query.Environment), command, query, receivedAt, cancellationToken).ConfigureAwait(false),
                LogExportStatus status => await WithRequestAsync(status.Id, StatusAsync, cancellationToken).ConfigureAwait(false),
                LogExportLink link => await WithRequestAsync(link.Id, LinkAsync, cancellationToken).ConfigureAwait(false),
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

    private async Task<SlackMessage> StatusAsync(OpenEnvironment environment, StoredRequest asked, CancellationToken cancellationToken) =>
        messages.Status(asked, await environment.Jobs.FindAsync(asked.Id, cancellationToken).ConfigureAwait(false));

    private async Task<SlackMessage> LinkAsync(OpenEnvironment environment, StoredRequest asked, CancellationToken cancellationToken) =>
        await environment.Exporter.FindAsync(asked.Id, cancellationToken).ConfigureAwait(false) is { } result
            ? messages.Done(asked, result, timeProvider.GetUtcNow())
            : await StatusAsync(environment, asked, cancellationToken).ConfigureAwait(false);

    private async Task<SlackMessage> WithRequestAsync(
        string id, Func<OpenEnvironment, StoredRequest, CancellationToken, Task<SlackMessage>> answer, CancellationToken cancellationToken)
    {
        OpenEnvironment? environment = environments.Of(id);
        StoredRequest? asked = environment is null ? null : await environment.Requests.FindAsync(id, cancellationToken).ConfigureAwait(false);
        return asked is null
            ? ExportMessages.Plain($"There is no request {id}, or none any more: requests and log files are kept for a day. Ask for the logs again.")
            : await answer(environment!, asked, cancellationToken).ConfigureAwait(false);
    }
}
