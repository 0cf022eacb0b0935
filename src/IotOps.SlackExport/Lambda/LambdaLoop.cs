using IotOps.Slack;
using IotOps.SlackExport.Downloads;
using IotOps.SlackExport.Serving;
using Microsoft.Extensions.Logging;

namespace IotOps.SlackExport.Lambda;

/// <summary>
/// Serves Slack from a Lambda function. Lambda freezes the process once it requests the next event, so it does that only when the work
/// behind an answer has finished.
/// </summary>
internal sealed class LambdaLoop(
    LambdaRuntime runtime, SlackEndpoint endpoint, DownloadEndpoint downloads, PublicAddress address, InFlightRequests inFlight, LambdaPaths paths, TimeProvider timeProvider, ILogger logger)
{
    private const string Downloads = $"/{DownloadLinks.Path}";

    // What is left for the runtime before Lambda ends the process.
    private static readonly TimeSpan Reserve = TimeSpan.FromSeconds(1);

    // No function may run longer.
    private static readonly TimeSpan LongestLateWork = TimeSpan.FromMinutes(15);

    /// <summary>Serves until cancelled.</summary>
    /// <exception cref="HttpRequestException">The runtime API is gone.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            LambdaEvent next = await runtime.NextAsync(cancellationToken).ConfigureAwait(false);
            await ServeAsync(next, timeProvider.GetTimestamp(), cancellationToken).ConfigureAwait(false);
            await FinishAsync(next, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task ServeAsync(LambdaEvent next, long arrivedAt, CancellationToken cancellationToken)
    {
        FunctionUrlEvent request;
        try
        {
            request = FunctionUrlEvent.Parse(next.Payload);
        }
        catch (FormatException e)
        {
            Log.Refused(logger, e.Message);
            await runtime.FailAsync(next.RequestId, "Function.BadEvent", e.Message, cancellationToken).ConfigureAwait(false);
            return;
        }

        if (request.Domain is { } domain && Uri.TryCreate($"https://{domain}/", UriKind.Absolute, out Uri? own))
        {
            address.Learn(own);
        }

        SlackReply reply = request.Path.StartsWith(Downloads, StringComparison.Ordinal)
            ? await downloads.HandleAsync(request.Method, request.Path[Downloads.Length..], request.UserAgent).ConfigureAwait(false)
            : paths.Answer(request.Method, request.Path, request.Query) ?? await endpoint.HandleAsync(SlackRequestHeaders.Find(request.Headers), request.Body, arrivedAt).ConfigureAwait(false);
        await runtime.RespondAsync(next.RequestId, FunctionUrlReply.Write(reply), cancellationToken).ConfigureAwait(false);
    }

    private async Task FinishAsync(LambdaEvent next, CancellationToken cancellationToken)
    {
        TimeSpan left = next.Deadline is { } deadline ? deadline - timeProvider.GetUtcNow() - Reserve : LongestLateWork;
        using var limit = new CancellationTokenSource(left > LongestLateWork ? LongestLateWork : left > TimeSpan.Zero ? left : TimeSpan.Zero, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await inFlight.WhenLateWorkIsDoneAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            // It continues, if at all, when the next event thaws the process.
            Log.LateWorkLeft(logger);
        }
    }
}
