using IotOps.Fleet.Routing;
using IotOps.Shared;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace IotOps.Fleet;

/// <summary>
/// Runs an <see cref="EventRouter"/> as an AWS Lambda function: for an event source mapping of SQS, whose messages that failed are reported one by one
/// (<c>ReportBatchItemFailures</c> must be on), and for SNS and EventBridge, which try a failed event again. Needs a runtime without a loop of its
/// own, such as provided.al2023. See https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html.
/// </summary>
public sealed class EventFunction
{
    // What is left to say so before Lambda ends the process.
    private static readonly TimeSpan Reserve = TimeSpan.FromSeconds(1);

    private readonly EventRouter _router;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    /// <param name="router">Who handles the messages.</param>
    /// <param name="timeProvider">The clock that deadlines are held against; null for the system's.</param>
    /// <param name="loggerFactory">Where failures are logged; null for nowhere.</param>
    public EventFunction(EventRouter router, TimeProvider? timeProvider = null, ILoggerFactory? loggerFactory = null)
    {
        ArgumentNullException.ThrowIfNull(router);
        _router = router;
        _time = timeProvider ?? TimeProvider.System;
        _logger = (loggerFactory ?? NullLoggerFactory.Instance).CreateLogger<EventFunction>();
    }

    /// <summary>Takes events until it is to stop.</summary>
    /// <param name="runtimeApi">Value of <c>AWS_LAMBDA_RUNTIME_API</c>.</param>
    /// <param name="cancellationToken">Asks to stop. This does not throw.</param>
    /// <exception cref="HttpRequestException">The runtime API is gone: the process is to end.</exception>
    public async Task RunAsync(string runtimeApi, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(runtimeApi);
        using var runtime = new LambdaRuntime(runtimeApi);
        try
        {
            while (true)
            {
                LambdaEvent next = await runtime.NextAsync(cancellationToken).ConfigureAwait(false);
                await HandleAsync(runtime, next, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // What was not answered is delivered again.
        }
    }

    private async Task HandleAsync(LambdaRuntime runtime, LambdaEvent next, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var deadline = new CancellationTokenSource(Left(next), _time);
        using CancellationTokenRegistration ends = deadline.Token.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), limit);
        if (QueueBatch.TryRead(next.Payload, out IReadOnlyList<QueuedDelivery> deliveries))
        {
            bool[] isHandled = await Task.WhenAll(deliveries.Select(delivery => TryRouteAsync(delivery.Body, delivery.Id, limit.Token))).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            await runtime.RespondAsync(next.RequestId, QueueBatch.Answer(deliveries.Where((_, i) => !isHandled[i])), cancellationToken).ConfigureAwait(false);
        }
        else if (await TryRouteAsync(next.Payload, next.RequestId, limit.Token).ConfigureAwait(false))
        {
            await runtime.RespondAsync(next.RequestId, "{}"u8.ToArray(), cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await runtime.FailAsync(next.RequestId, "Function.NotHandled", "A message was not handled; the log says why.", cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<bool> TryRouteAsync(ReadOnlyMemory<byte> delivery, string id, CancellationToken limit)
    {
        try
        {
            RouteResult result = await _router.RouteAsync(delivery, id, limit).ConfigureAwait(false);
            foreach (RouteFailure failure in result.Failures)
            {
                QueueLog.NotHandled(_logger, id, failure.Route ?? "unreadable", failure.Exception.Message);
            }

            return result.Failures.Count == 0;
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            QueueLog.NotHandled(_logger, id, "deadline", "The function's time is over; give it more.");
            return false;
        }
    }

    private TimeSpan Left(LambdaEvent next)
    {
        TimeSpan left = next.Deadline is { } deadline ? deadline - _time.GetUtcNow() - Reserve : TimeSpan.FromMinutes(15);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }
}
