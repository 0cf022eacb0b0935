using IotOps.Aws;
using IotOps.Shared;
using Microsoft.Extensions.Logging;

namespace IotOps.Archive.Fetching;

/// <summary>
/// Attempts after transient failures, with full jitter, under a budget that all its calls share: S3 answering 503 SlowDown for a
/// while is normal, S3 failing everything for long is not. Thread-safe.
/// </summary>
internal sealed class Retries(AwsRetryOptions options, TimeProvider timeProvider, ILogger logger, Func<double> random)
{
    private const int Capacity = 2_000;

    private int _budget = Capacity;

    /// <summary>Runs a call until it succeeds, fails for good, or has failed too often.</summary>
    public async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        for (int failures = 0; ;)
        {
            try
            {
                T result = await call(cancellationToken).ConfigureAwait(false);
                Succeeded();
                return result;
            }
            catch (AwsException e) when (e.IsTransient && TrySpend(++failures))
            {
                await WaitAsync(e, failures, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    public void Succeeded()
    {
        int budget = Volatile.Read(ref _budget);
        if (budget < Capacity)
        {
            Interlocked.CompareExchange(ref _budget, budget + 1, budget);
        }
    }

    /// <summary>Whether a call that has failed so often in a row may be tried again.</summary>
    public bool TrySpend(int failures)
    {
        if (failures >= options.MaxAttempts)
        {
            return false;
        }

        if (Interlocked.Decrement(ref _budget) >= 0)
        {
            return true;
        }

        Interlocked.Increment(ref _budget);
        return false;
    }

    /// <summary>Waits before the next attempt.</summary>
    public Task WaitAsync(AwsException failure, int failures, CancellationToken cancellationToken)
    {
        TimeSpan delay = Backoff.FullJitter(options.BaseDelay, options.MaxDelay, failures - 1, random);
        if (failure.RetryAfter is { } asked && asked > delay)
        {
            delay = asked < options.MaxDelay ? asked : options.MaxDelay;
        }

        Log.Retrying(logger, failure.Service, failure.Operation, failures, failure.Code, delay);
        return Task.Delay(delay, timeProvider, cancellationToken);
    }
}
