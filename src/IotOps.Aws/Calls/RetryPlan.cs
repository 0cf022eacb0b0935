using IotOps.Shared;
using Microsoft.Extensions.Logging;

namespace IotOps.Aws.Calls;

/// <summary>When and after which wait a failed attempt is followed by another.</summary>
/// <remarks>A loop of our own: Polly.Core validates its options by reflection, which adds 1.8 MB to a NativeAOT binary.</remarks>
internal sealed class RetryPlan
{
    private readonly AwsRetryOptions _retry;
    private readonly AwsService _service;
    private readonly Func<double> _random;
    private readonly ILogger _logger;
    private readonly TimeProvider _timeProvider;

    public RetryPlan(AwsClientOptions options, ILogger logger, Func<double> random)
    {
        _retry = options.Retry;
        _service = options.Service;
        _random = random;
        _logger = logger;
        _timeProvider = options.TimeProvider;
    }

    public RetryBudget Budget { get; } = new();

    public async Task<T> ExecuteAsync<T>(
        CallState call, Func<CallState, CancellationToken, ValueTask<T>> attempt, CancellationToken cancellationToken)
    {
        for (int retries = 0; ; retries++)
        {
            AwsException failure;
            try
            {
                T result = await attempt(call, cancellationToken).ConfigureAwait(false);
                Budget.Refund(call.LastCost);
                return result;
            }
            catch (AwsException e) when (ShouldRetry(e, call))
            {
                failure = e;
            }

            await Task.Delay(Delay(failure, retries), _timeProvider, cancellationToken).ConfigureAwait(false);
        }
    }

    private bool ShouldRetry(AwsException failure, CallState call)
    {
        if (call.Attempts >= _retry.MaxAttempts)
        {
            return false;
        }

        bool retry = failure.Recovery switch
        {
            RetryRecovery.ClockLearnt => !call.SignedAgain,
            RetryRecovery.CredentialsDropped => !call.RefreshedCredentials,
            _ => failure.IsTransient && (call.Request.IsRetried || AwsErrorClass.IsThrottled(failure.StatusCode ?? default, failure.Code)),
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

    private TimeSpan Delay(AwsException failure, int retries)
    {
        TimeSpan delay = failure.Recovery == RetryRecovery.None ? Wait(failure, retries) : TimeSpan.Zero;
        Log.Retrying(
            _logger, _service.SigningName, failure.Operation, retries + 1, failure.Code, failure.StatusCode, delay);
        return delay;
    }

    private TimeSpan Wait(AwsException failure, int retriesBefore)
    {
        TimeSpan drawn = Backoff.FullJitter(_retry.BaseDelay, _retry.MaxDelay, retriesBefore, _random);
        TimeSpan asked = failure.RetryAfter is { } after && after < _retry.MaxDelay ? after : failure.RetryAfter is null ? TimeSpan.Zero : _retry.MaxDelay;
        return asked > drawn ? asked : drawn;
    }
}
