using System.Diagnostics;
using IotOps.Aws;
using IotOps.Fleet.Routing;
using IotOps.Shared;
using Microsoft.Extensions.Logging;

namespace IotOps.Fleet;

/// <summary>
/// Hands the messages of an SQS queue to an <see cref="EventRouter"/>. A message is deleted after every handler has handled it; one that failed
/// becomes visible again after <see cref="EventQueueOptions.Visibility"/>, and ends in the queue's dead-letter queue as often as its redrive policy
/// says. Needs <c>sqs:ReceiveMessage</c>, <c>sqs:DeleteMessage</c> and <c>sqs:ChangeMessageVisibility</c>. See
/// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html.
/// </summary>
public sealed class EventQueueReader
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromMinutes(1);

    private readonly EventQueueOptions _options;
    private readonly SqsCalls _sqs;
    private readonly ILogger _logger;
    private readonly Outcomes _outcomes;
    private long _handled;
    private long _failed;

    /// <summary>Takes the options; nothing is received yet.</summary>
    /// <exception cref="ArgumentException">An option cannot be.</exception>
    public EventQueueReader(EventQueueOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Wrong() is { } wrong)
        {
            throw new ArgumentException(wrong, nameof(options));
        }

        _options = options;
        _outcomes = new Outcomes(options.TimeProvider);
        _sqs = new SqsCalls(options.Client, options.QueueUrl);
        _logger = options.LoggerFactory.CreateLogger<EventQueueReader>();
    }

    /// <summary>Amazon SQS, for the client.</summary>
    public static AwsService Service { get; } = new("sqs", "sqs", "SQS");

    /// <summary>What was done so far.</summary>
    public EventQueueCounts Counts => new(Interlocked.Read(ref _handled), Interlocked.Read(ref _failed))
    {
        LastReceivedAt = _outcomes.LastSuccess,
        LastError = _outcomes.LastError,
        LastErrorAt = _outcomes.LastErrorAt,
    };

    /// <summary>What waits is an answer of the queue.</summary>
    internal Health Health => _outcomes.ToHealth();

    /// <summary>Receives and routes until it is to stop; then waits for what is being handled, at most <see cref="EventQueueOptions.StopWithin"/>.</summary>
    /// <param name="cancellationToken">Asks to stop. This does not throw.</param>
    /// <exception cref="AwsException">The first call was refused for good: no such queue, no right. Later ones are tried again.</exception>
    public Task RunAsync(CancellationToken cancellationToken) => RunAsync(untilEmpty: false, cancellationToken);

    /// <summary>The same, until the queue has nothing more to give at the moment.</summary>
    /// <param name="cancellationToken">Asks to stop before.</param>
    /// <exception cref="AwsException">The first call was refused for good.</exception>
    public Task DrainAsync(CancellationToken cancellationToken = default) => RunAsync(untilEmpty: true, cancellationToken);

    private async Task RunAsync(bool untilEmpty, CancellationToken cancellationToken)
    {
        // One worker that cannot begin ends the others.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var abort = new CancellationTokenSource(Timeout.InfiniteTimeSpan, _options.TimeProvider);
        using CancellationTokenRegistration stopping = stop.Token.UnsafeRegister(_ => abort.CancelAfter(_options.StopWithin), null);
        await Task.WhenAll(Enumerable.Range(0, _options.Workers).Select(_ => WorkAsync(untilEmpty, stop, abort.Token))).ConfigureAwait(false);
    }

    private async Task WorkAsync(bool untilEmpty, CancellationTokenSource stop, CancellationToken abort)
    {
        var backoff = new Backoff(FirstRetry, LongestRetry, _options.Random);
        bool hasReceived = false;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                IReadOnlyList<QueuedDelivery> deliveries = await _sqs.ReceiveAsync(untilEmpty ? 1 : 20, _options.Visibility, stop.Token).ConfigureAwait(false);
                hasReceived = true;
                _outcomes.Succeeded();
                QueueTelemetry.Received(error: null);
                backoff.Reset();
                if (deliveries.Count > 0)
                {
                    await HandleAsync(deliveries, abort).ConfigureAwait(false);
                }
                else if (untilEmpty)
                {
                    return;
                }
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (AwsException e) when (e.IsTransient || hasReceived)
            {
                TimeSpan wait = backoff.Next();
                _outcomes.Failed(e.Message);
                QueueTelemetry.Received(e.Code);
                QueueLog.NotReceived(_logger, e.Message, backoff.Failures, wait);
                await Task.Delay(wait, _options.TimeProvider, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (AwsException)
            {
                await stop.CancelAsync().ConfigureAwait(false);
                throw;
            }
        }
    }

    private async Task HandleAsync(IReadOnlyList<QueuedDelivery> deliveries, CancellationToken abort)
    {
        bool[] isHandled = await Task.WhenAll(deliveries.Select(delivery => RouteAsync(delivery, abort))).ConfigureAwait(false);
        QueuedDelivery[] done = [.. deliveries.Where((_, i) => isHandled[i])];
        Interlocked.Add(ref _handled, done.Length);
        Interlocked.Add(ref _failed, deliveries.Count - done.Length);
        if (done.Length > 0)
        {
            try
            {
                foreach (string why in await _sqs.DeleteAsync(done, CancellationToken.None).ConfigureAwait(false))
                {
                    QueueLog.NotDeleted(_logger, why);
                }
            }
            catch (AwsException e)
            {
                // They come again, and the router knows them.
                QueueLog.NotDeleted(_logger, e.Message);
            }
        }
    }

    private async Task<bool> RouteAsync(QueuedDelivery delivery, CancellationToken abort)
    {
        using var span = QueueTelemetry.Source.StartActivity("fleet message", ActivityKind.Consumer);
        span?.SetTag("messaging.system", "aws_sqs").SetTag("messaging.message.id", delivery.Id);
        using var done = CancellationTokenSource.CreateLinkedTokenSource(abort);
        Task prolonging = ProlongAsync(delivery, done.Token);
        try
        {
            RouteResult result = await _options.Router.RouteAsync(delivery.Body, delivery.Id, abort).ConfigureAwait(false);
            QueueTelemetry.Message(result.Failures.Count == 0);
            foreach (RouteFailure failure in result.Failures)
            {
                span.Fail(failure.Exception.GetType().Name, failure.Exception.Message);
                _outcomes.Note($"Message {delivery.Id} was not handled: {failure.Exception.Message}");
                QueueLog.NotHandled(_logger, delivery.Id, failure.Route ?? "unreadable", failure.Exception.Message);
            }

            return result.Failures.Count == 0;
        }
        catch (OperationCanceledException) when (abort.IsCancellationRequested)
        {
            return false;
        }
        finally
        {
            await done.CancelAsync().ConfigureAwait(false);
            await prolonging.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ProlongAsync(QueuedDelivery delivery, CancellationToken done)
    {
        while (true)
        {
            await Task.Delay(_options.Visibility / 2, _options.TimeProvider, done).ConfigureAwait(false);
            try
            {
                await _sqs.ProlongAsync(delivery, _options.Visibility, done).ConfigureAwait(false);
            }
            catch (AwsException e)
            {
                // Another receiver may get it meanwhile: at least once.
                QueueLog.NotProlonged(_logger, delivery.Id, e.Message);
            }
        }
    }
}
