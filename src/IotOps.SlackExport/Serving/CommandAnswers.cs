using IotOps.Archive;
using IotOps.Aws;
using IotOps.SlackExport.Authorizing;
using IotOps.SlackExport.Environments;
using IotOps.SlackExport.Reporting;
using IotOps.SlackExport.Requests;
using IotOps.Slack;
using Microsoft.Extensions.Logging;

namespace IotOps.SlackExport.Serving;

/// <summary>Answers commands that Slack signed, for those who may ask. Safe for concurrent use.</summary>
internal sealed class CommandAnswers(
    LogExportCommandOptions options,
    Authorizer authorizer,
    ISlackReplayStore replays,
    ExportSubmissions submissions,
    OpenEnvironments environments,
    ExportMessages messages,
    TimeProvider timeProvider,
    ILogger logger)
{
    // Longer than a signature stays fresh, on both sides.
    private static readonly TimeSpan ReplaysEnd = TimeSpan.FromMinutes(11);

    private static readonly SlackMessage NotAllowed = ExportMessages.Plain("You may not do this here. If you should, ask whoever runs this app.");

    private readonly Audit _audit = new(logger);

    /// <summary>
    /// Carries a command out and words the answer; a refusal of AWS is an answer too. Null when it was carried out before. Nothing is stored before it is known
    /// that the caller may ask for it.
    /// </summary>
    /// <param name="command">What Slack posted.</param>
    /// <param name="signature">Its verified signature, in one spelling.</param>
    /// <param name="receivedAt">When it came.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task<SlackMessage?> AnswerAsync(SlashCommand command, string signature, DateTimeOffset receivedAt, CancellationToken cancellationToken)
    {
        try
        {
            CallerRights rights = await authorizer.RightsAsync(command, cancellationToken).ConfigureAwait(false);
            if (rights.IsNone)
            {
                _audit.Denied(command, command.Command, "no grant fits this app, workspace, user and channel");
                return NotAllowed;
            }

            LogExportParseResult parsed = LogExportCommand.Parse(command.Text, options);
            string asked = parsed.Command?.ToString() ?? "a command with mistakes";
            if (await WorkAsync(parsed, command, rights, receivedAt, cancellationToken).ConfigureAwait(false) is not { } work)
            {
                _audit.Denied(command, asked, "not covered by the caller's grants, or another's request");
                return NotAllowed;
            }

            if (!await replays.TryRememberAsync(signature, receivedAt + ReplaysEnd, cancellationToken).ConfigureAwait(false))
            {
                _audit.Denied(command, asked, "sent before");
                return null;
            }

            _audit.Granted(command, asked);
            return await work().ConfigureAwait(false);
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

    // What is to be done; null when the caller may not ask for it.
    private async Task<Func<Task<SlackMessage>>?> WorkAsync(
        LogExportParseResult parsed, SlashCommand command, CallerRights rights, DateTimeOffset receivedAt, CancellationToken cancellationToken)
    {
        switch (parsed.Command)
        {
            case null:
                return () => Task.FromResult(parsed.ToProblemMessage());
            case LogExportQuery query:
                return rights.Allow(query.Environment, query.Categories)
                    ? () => submissions.SubmitAsync(environments.Get(query.Environment), command, query, receivedAt, cancellationToken)
                    : null;
            case LogExportStatus status:
                return await OfRequestAsync(status.Id, command, rights, StatusAsync, cancellationToken).ConfigureAwait(false);
            case LogExportLink link:
                return await OfRequestAsync(link.Id, command, rights, LinkAsync, cancellationToken).ConfigureAwait(false);
            case LogExportRevoke revoke:
                return await OfRequestAsync(revoke.Id, command, rights, RevokeAsync, cancellationToken).ConfigureAwait(false);
            default:
                return () => Task.FromResult(LogExportHelp.ToMessage(options));
        }
    }

    // A request is its user's own, and only while that user may still ask for it.
    private async Task<Func<Task<SlackMessage>>?> OfRequestAsync(
        string id,
        SlashCommand command,
        CallerRights rights,
        Func<OpenEnvironment, StoredRequest, CancellationToken, Task<SlackMessage>> answer,
        CancellationToken cancellationToken)
    {
        bool isNamed = environments.TryName(id, out string? name);
        OpenEnvironment? environment = isNamed ? environments.Get(name) : null;
        StoredRequest? asked = environment is null ? null : await environment.Requests.FindAsync(id, cancellationToken).ConfigureAwait(false);
        if (asked is null)
        {
            return () => Task.FromResult(ExportMessages.Plain($"There is no request {id}, or none any more: requests and log files are kept for a day. Ask for the logs again."));
        }

        return asked.IsOf(command) && rights.Allow(name, asked.Categories) ? () => answer(environment!, asked, cancellationToken) : null;
    }

    private async Task<SlackMessage> StatusAsync(OpenEnvironment environment, StoredRequest asked, CancellationToken cancellationToken) =>
        messages.Status(asked, await environment.Jobs.FindAsync(asked.Id, cancellationToken).ConfigureAwait(false));

    private async Task<SlackMessage> LinkAsync(OpenEnvironment environment, StoredRequest asked, CancellationToken cancellationToken) =>
        await environment.Exporter.FindAsync(asked.Id, cancellationToken).ConfigureAwait(false) is { } result
            ? messages.Done(asked, await environment.Links.LinkAsync(asked, result, cancellationToken).ConfigureAwait(false), timeProvider.GetUtcNow())
            : await StatusAsync(environment, asked, cancellationToken).ConfigureAwait(false);

    // A presigned link cannot be taken back, but what it leads to can.
    private static async Task<SlackMessage> RevokeAsync(OpenEnvironment environment, StoredRequest asked, CancellationToken cancellationToken)
    {
        if (await environment.Exporter.FindAsync(asked.Id, cancellationToken).ConfigureAwait(false) is not { Key: { } key })
        {
            return ExportMessages.NothingToRevoke(asked);
        }

        // Links of this program's own end with their request; the zip goes first, so that a failure in between can be repeated.
        await environment.Zips.DeleteAsync(key, cancellationToken).ConfigureAwait(false);
        await environment.Requests.DeleteAsync(asked.Id, cancellationToken).ConfigureAwait(false);
        return ExportMessages.Revoked(asked);
    }
}
