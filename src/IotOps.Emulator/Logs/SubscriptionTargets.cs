namespace IotOps.Emulator.Logs;

/// <summary>Where subscription filters deliver to: callbacks of tests, and services of the emulator that have such destinations. Thread-safe.</summary>
internal sealed class SubscriptionTargets
{
    private readonly Lock _lock = new();
    private readonly List<Target> _targets = [];

    /// <summary>Lets something have the deliveries to some destinations, until the result is disposed.</summary>
    /// <param name="isFor">Says whether an ARN is one of them.</param>
    /// <param name="deliver">Takes a delivery, on the thread of the call that brought the events; what it throws is dropped.</param>
    public IDisposable Add(Func<string, bool> isFor, Action<LogSubscriptionDelivery> deliver)
    {
        var target = new Target(this, isFor, deliver);
        lock (_lock) { _targets.Add(target); }
        return target;
    }

    public void Deliver(LogSubscriptionDelivery delivery)
    {
        Target[] targets;
        lock (_lock) { targets = [.. _targets.Where(one => one.IsFor(delivery.DestinationArn))]; }
        foreach (Target target in targets)
        {
            try
            {
                target.Deliver(delivery);
            }
            catch (Exception)
            {
                // Events are accepted whatever becomes of their copies.
            }
        }
    }

    private sealed class Target(SubscriptionTargets owner, Func<string, bool> isFor, Action<LogSubscriptionDelivery> deliver) : IDisposable
    {
        public bool IsFor(string arn) => isFor(arn);

        public void Deliver(LogSubscriptionDelivery delivery) => deliver(delivery);

        public void Dispose()
        {
            lock (owner._lock) { owner._targets.Remove(this); }
        }
    }
}
