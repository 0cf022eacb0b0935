using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;

namespace IotOps.Aws.Calls;

/// <summary>When and after which wait a failed attempt is followed by another.</summary>
internal sealed class RetryPlan
{
    private static readonly ResiliencePropertyKey<CallState> Call = new("IotOps.Aws.Call");

    private readonly AwsRetryOptions _retry;
    private readonly AwsService _service;
    private readonly Func<double> _random;
    private readonly ILogger _logger;
    private readonly ResiliencePipeline _pipeline;

    public RetryPlan(AwsClientOptions options, ILogger logger, Func<double> random)
    {
        _retry = options.Retry;
        _service = options.Service;
        _random = random;
        _logger = logger;
        _pipeline = new ResiliencePipelineBuilder { TimeProvider = options.TimeProvider }
            .AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = _retry.MaxAttempts - 1,
                ShouldHandle = arguments => new ValueTask<bool>(ShouldRetry(arguments)),
                DelayGenerator = arguments => new ValueTask<TimeSpan?>(Delay(arguments)),
            })
            .Build();
    }

    public RetryBudget Budget { get; } = new();

    public async Task<T> ExecuteAsync<T>(
        CallState call, Func<CallState, CancellationToken, ValueTask<T>> attempt, CancellationToken cancellationToken)
    {
        ResilienceContext context = ResilienceContextPool.Shared.Get(cancellationToken);
        context.Properties.Set(Call, call);
        try
        {
            T result = await _pipeline.ExecuteAsync(
                static (context, state) => state.attempt(state.call, context.CancellationToken), context, (attempt, call)).ConfigureAwait(false);
            Budget.Refund(call.LastCost);
            return result;
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private bool ShouldRetry(RetryPredicateArguments<object> arguments)
    {
        if (arguments.Outcome.Exception is not AwsException failure
            || !arguments.Context.Properties.TryGetValue(Call, out CallState? call)
            || call.Attempts >= _retry.MaxAttempts)
        {
            return false;
        }

        bool retry = failure.Recovery switch
        {
            RetryRecovery.ClockLearnt => !call.SignedAgain,
            RetryRecovery.CredentialsDropped => !call.RefreshedCredentials,
            _ => failure.IsTransient,
        };
        if (!retry)
        {
            return false;
        }

        call.SignedAgain |= failure.Recovery == RetryRecovery.ClockLearnt;
        call.RefreshedCredentials |= failure.Recovery == RetryRecovery.CredentialsDropped;
        if (!Budget.TrySpend(failure.RetryCost))
        {
            Log.RetryBudgetSpent(_logger, _service.SigningName, call.Request.Operation);
            return false;
        }

        call.LastCost = failure.RetryCost;
        return true;
    }

    private TimeSpan Delay(RetryDelayGeneratorArguments<object> arguments)
    {
        var failure = (AwsException)arguments.Outcome.Exception!;
        TimeSpan delay = failure.Recovery == RetryRecovery.None ? Wait(failure, arguments.AttemptNumber) : TimeSpan.Zero;
        Log.Retrying(
            _logger, _service.SigningName, failure.Operation, arguments.AttemptNumber + 1, failure.Code, failure.StatusCode, delay);
        return delay;
    }

    // Full jitter: devices that failed together do not come back together.
    private TimeSpan Wait(AwsException failure, int retriesBefore)
    {
        double bound = Math.Min(_retry.MaxDelay.TotalMilliseconds, _retry.BaseDelay.TotalMilliseconds * Math.Pow(2, retriesBefore));
        var drawn = TimeSpan.FromMilliseconds(_random() * bound);
        TimeSpan asked = failure.RetryAfter is { } after && after < _retry.MaxDelay ? after : failure.RetryAfter is null ? TimeSpan.Zero : _retry.MaxDelay;
        return asked > drawn ? asked : drawn;
    }
}
