namespace IotOps.Aws.Calls;

/// <summary>
/// How many retries a client may spend while its calls fail, as in the AWS SDKs' standard mode: a retry takes 5 tokens of
/// 500, one after a time-out 10; the success of a retried call gives its last cost back, any other success one token.
/// Keeps a fleet from multiplying the load on a service that is down.
/// </summary>
internal sealed class RetryBudget
{
    public const int Capacity = 500;
    public const int RetryCost = 5;
    public const int TimeoutCost = 10;

    private readonly Lock _lock = new();
    private int _tokens = Capacity;

    public int Tokens
    {
        get { lock (_lock) { return _tokens; } }
    }

    public bool TrySpend(int cost)
    {
        lock (_lock)
        {
            if (_tokens < cost)
            {
                return false;
            }

            _tokens -= cost;
            return true;
        }
    }

    public void Refund(int lastCost)
    {
        lock (_lock)
        {
            _tokens = Math.Min(Capacity, _tokens + Math.Max(1, lastCost));
        }
    }
}
