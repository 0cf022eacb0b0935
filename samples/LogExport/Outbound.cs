using IotOps.Aws;
using IotOps.Slack;
using IotOps.SlackExport;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;

namespace IotOps.Samples.LogExport;

/// <summary>
/// This program's calls to Slack and to AWS's control plane go through Polly: a retry and a circuit breaker for each of the two. The packages
/// know nothing of it; they take a transport.
/// </summary>
internal sealed class Outbound(TimeProvider timeProvider, HttpMessageHandler? network = null) : IDisposable
{
    private readonly PipelineHandler _aws = Handler(timeProvider, attempt: TimeSpan.FromSeconds(4), network ?? AwsHttpHandler.Create());
    private readonly PipelineHandler _slack = Handler(timeProvider, attempt: TimeSpan.FromSeconds(10), network ?? SlackHttpHandler.Create());

    public HttpMessageHandler Aws => _aws;

    public HttpMessageHandler Slack => _slack;

    /// <summary>The options with both transports, and with no retry beside theirs.</summary>
    public SlackExportOptions Through(SlackExportOptions options) =>
        options with { AwsTransport = Aws, AwsRetry = AwsRetryOptions.None, SlackTransport = Slack };

    public void Dispose()
    {
        _aws.Dispose();
        _slack.Dispose();
    }

    private static PipelineHandler Handler(TimeProvider timeProvider, TimeSpan attempt, HttpMessageHandler network)
    {
        ResiliencePipelineBuilder<HttpResponseMessage> pipeline = new() { TimeProvider = timeProvider };
        pipeline
            .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                ShouldHandle = args => ValueTask.FromResult(PipelineHandler.MayRepeat(args.Context, args.Outcome)),
                MaxRetryAttempts = 2,
                Delay = TimeSpan.FromMilliseconds(200),
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
            })
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<HttpResponseMessage>
            {
                ShouldHandle = args => ValueTask.FromResult(PipelineHandler.IsFailure(args.Outcome)),
                FailureRatio = 0.5,
                MinimumThroughput = 10,
                SamplingDuration = TimeSpan.FromSeconds(30),
                BreakDuration = TimeSpan.FromSeconds(5),
            })
            .AddTimeout(new TimeoutStrategyOptions { Timeout = attempt });
        return new PipelineHandler(pipeline.Build()) { InnerHandler = network };
    }
}
