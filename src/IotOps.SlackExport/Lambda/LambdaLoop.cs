using IotOps.Shared;
using IotOps.Slack;
using IotOps.SlackExport.Downloads;
using IotOps.SlackExport.Serving;
using Microsoft.Extensions.Logging;

namespace IotOps.SlackExport.Lambda;

/// <summary>
/// Serves Slack from a Lambda function, and tells of jobs that failed without a word. Lambda freezes the process once it requests the next event, so it does that only when the work
/// behind an answer has finished.
/// </summary>
internal sealed class LambdaLoop(
    LambdaRuntime runtime, SlackEndpoint endpoint, DownloadEndpoint downloads, FailedJobReports failedJobs, PublicAddress address, InFlightRequests inFlight, LambdaPaths paths, TimeProvider timeProvider, ILogger logger)
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
        if (JobStateEvent.TryParse(next.Payload, out FailedJob? job))
        {
            await ReportAsync(next, job, cancellationToken).ConfigureAwait(false);
            return;
        }

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

    private async Task ReportAsync(LambdaEvent next, FailedJob? job, CancellationToken cancellationToken)
    {
        try
        {
            if (job is not null)
            {
                await failedJobs.ReportAsync(job, inFlight.Stopping).ConfigureAwait(false);
            }
        }
#pragma warning disable CA1031 // Whatever it was: an event that is answered with an error comes again.
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            Log.Unexpected(logger, e);
            await runtime.FailAsync(next.RequestId, "Function.NotReported", "The failed job could not be reported; the log says why.", cancellationToken).ConfigureAwait(false);
            return;
        }

        await runtime.RespondAsync(next.RequestId, "{}"u8.ToArray(), cancellationToken).ConfigureAwait(false);
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
