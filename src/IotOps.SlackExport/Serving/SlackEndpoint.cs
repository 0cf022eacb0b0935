using System.Diagnostics.CodeAnalysis;
using System.Threading.RateLimiting;
using IotOps.Slack;
using IotOps.SlackExport.Reporting;
using Microsoft.Extensions.Logging;

namespace IotOps.SlackExport.Serving;

/// <summary>
/// Answers Slack in time, whoever received the request: a command that is not carried out within 2 s of its arrival is acknowledged, and
/// its outcome is posted to the response_url later. Safe for concurrent use.
/// </summary>
internal sealed class SlackEndpoint
{
    /// <summary>Slack waits 3 s; the network between needs some of that.</summary>
    public static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(2);

    /// <summary>Bytes that a request's body may have; Slack's own stay far below.</summary>
    public const int MaxBodyBytes = 64 << 10;

    private static readonly SlackReply Acknowledgement = SlackReply.Message(SlackResponse.Ephemeral(
        ExportMessages.Plain("Your command has arrived. AWS is slow to answer just now; the outcome follows here.")));

    private static readonly SlackReply TurnedAway = SlackReply.Message(SlackResponse.Ephemeral(
        ExportMessages.Plain("Too many commands are under way. Nothing was begun; please ask again in a minute.")));

    private readonly SlackRequestVerifier _verifier;
    private readonly SlackResponder _responder;
    private readonly CommandAnswers _answers;
    private readonly InFlightRequests _inFlight;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;

    public SlackEndpoint(SlackRequestVerifier verifier, SlackResponder responder, CommandAnswers answers, InFlightRequests inFlight, TimeProvider timeProvider, ILogger logger)
    {
        _verifier = verifier;
        _responder = responder;
        _answers = answers;
        _inFlight = inFlight;
        _timeProvider = timeProvider;
        _logger = logger;
    }

    /// <summary>Answers one request. Neither what was sent nor what AWS does makes it throw.</summary>
    /// <param name="headers">The request's signature.</param>
    /// <param name="body">Its raw body; must stay unchanged until the work is done.</param>
    /// <param name="arrivedAt">A timestamp of the clock.</param>
    public Task<SlackReply> HandleAsync(SlackRequestHeaders headers, ReadOnlyMemory<byte> body, long arrivedAt) =>
        CommandTelemetry.AnswerAsync(_timeProvider, () => AnswerAsync(headers, body, arrivedAt));

    private async Task<SlackReply> AnswerAsync(SlackRequestHeaders headers, ReadOnlyMemory<byte> body, long arrivedAt)
    {
        RateLimitLease lease = _inFlight.TryBegin();
        if (!lease.IsAcquired)
        {
            CommandTelemetry.Busy();
            Log.Busy(_logger, _inFlight.Limit);
            return TurnedAway;
        }

        DateTimeOffset receivedAt = _timeProvider.GetUtcNow();
        Task<Outcome> work = WorkAsync(headers, body, receivedAt);
        TimeSpan left = AnswerWithin - _timeProvider.GetElapsedTime(arrivedAt);
        if (!work.IsCompleted && left > TimeSpan.Zero)
        {
            using var answered = new CancellationTokenSource();
            await Task.WhenAny(work, Task.Delay(left, _timeProvider, answered.Token)).ConfigureAwait(false);
            await answered.CancelAsync().ConfigureAwait(false);
        }

        if (work.IsCompleted)
        {
            lease.Dispose();
            return (await work.ConfigureAwait(false)).Reply;
        }

        CommandTelemetry.Late();
        Log.Late(_logger, AnswerWithin);
        _inFlight.EndWith(PostLateAsync(work, receivedAt), lease);
        return Acknowledgement;
    }

    private async Task<Outcome> WorkAsync(SlackRequestHeaders headers, ReadOnlyMemory<byte> body, DateTimeOffset receivedAt)
    {
        SlashCommand? command = null;
        try
        {
            SlackVerification verified = await _verifier.VerifyAsync(headers, body, _inFlight.Stopping).ConfigureAwait(false);
            if (verified != SlackVerification.Accepted)
            {
                return verified == SlackVerification.SslCheck ? new Outcome(SlackReply.Empty) : Refuse(verified);
            }

            if (!TryRead(body.Span, out SlashCommand? read, out Outcome? refusal))
            {
                return refusal;
            }

            // On another thread, because it may block: an environment's first use reads files and looks for credentials.
            command = read;
            string signature = headers.Signature!["v0=".Length..].ToLowerInvariant();
            return await Task.Run(() => _answers.AnswerAsync(read, signature, receivedAt, _inFlight.Stopping)).ConfigureAwait(false) is { } message
                ? Outcome.Of(command, message)
                : Refuse(SlackVerification.Replayed);
        }
        catch (OperationCanceledException) when (_inFlight.Stopping.IsCancellationRequested)
        {
            return Outcome.Refused(503, "The service is stopping.");
        }
#pragma warning disable CA1031 // An unexpected failure of one request must leave neither Slack nor the other requests without an answer.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Log.Unexpected(_logger, e);

            // Only a verified user gets a message: when it is late, it is posted.
            return command is null
                ? Outcome.Refused(500, "The request could not be carried out.")
                : Outcome.Of(command, ExportMessages.Plain("Your command could not be carried out. Please tell whoever runs this app; its log says why."));
        }
    }

    private Outcome Refuse(SlackVerification why)
    {
        Log.Refused(_logger, why.ToString());
        return why == SlackVerification.TooLarge ? Outcome.Refused(413, "The body is too large.") : Outcome.Refused(401, "The request is not signed as it should be.");
    }

    private bool TryRead(ReadOnlySpan<byte> body, [NotNullWhen(true)] out SlashCommand? command, [NotNullWhen(false)] out Outcome? refusal)
    {
        refusal = null;
        if (!SlashCommand.TryParse(body, out SlashCommand? read, out string? problem))
        {
            Log.Refused(_logger, problem);
            refusal = Outcome.Refused(400, problem);
        }

        // Before any work begins: an export whose outcome cannot be posted is of no use to anybody.
        else if (read.ResponseUrl is not { } responseUrl || !_responder.IsAllowed(responseUrl))
        {
            Log.ResponseUrlRefused(_logger, read.ResponseUrl?.Host ?? "no host");
            refusal = Outcome.Refused(400, "The response_url is not one that answers may be sent to.");
        }

        command = refusal is null ? read : null;
        return command is not null;
    }

    private async Task PostLateAsync(Task<Outcome> work, DateTimeOffset receivedAt)
    {
        Outcome outcome = await work.ConfigureAwait(false);
        if (outcome is not { Response: { } response, Command: { ResponseUrl: { } url } command })
        {
            return;
        }

        SlackPostResult result = await _responder.Open(url, receivedAt).PostAsync(SlackPostKind.Started, response, _inFlight.Stopping).ConfigureAwait(false);
        if (!result.IsPosted)
        {
            Log.NotPosted(_logger, command.UserId, result.Outcome, result.Detail);
        }
    }
}
