using IotOps.Samples.LogExport.Serving;
using IotOps.Slack;
using Microsoft.Extensions.Logging;

namespace IotOps.Samples.LogExport.Lambda;

/// <summary>
/// Serves Slack from a Lambda function. The machine freezes once the next event is asked for, so that is not done before what goes on
/// behind an answer has ended.
/// </summary>
internal sealed class LambdaLoop(LambdaRuntime runtime, SlackEndpoint endpoint, RequestsUnderWay underWay, TimeProvider timeProvider, ILogger logger)
{
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
            LambdaEvent next = await runtime.NextAsync(cancellationToken);
            await ServeAsync(next, timeProvider.GetTimestamp(), cancellationToken);
            await FinishAsync(next, cancellationToken);
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
            await runtime.FailAsync(next.RequestId, "Function.BadEvent", e.Message, cancellationToken);
            return;
        }

        SlackReply reply = SlackPaths.Answer(request.Method, request.Path, request.Query)
            ?? await endpoint.HandleAsync(SlackRequestHeaders.Find(request.Headers), request.Body, arrivedAt);
        await runtime.RespondAsync(next.RequestId, FunctionUrlReply.Write(reply), cancellationToken);
    }

    private async Task FinishAsync(LambdaEvent next, CancellationToken cancellationToken)
    {
        TimeSpan left = next.Deadline is { } deadline ? deadline - timeProvider.GetUtcNow() - Reserve : LongestLateWork;
        using var limit = new CancellationTokenSource(left > LongestLateWork ? LongestLateWork : left > TimeSpan.Zero ? left : TimeSpan.Zero, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await underWay.WhenLateWorkIsDoneAsync(either.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            // It goes on, if at all, when the next event thaws the machine.
            Log.LateWorkLeft(logger);
        }
    }
}
