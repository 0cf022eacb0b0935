namespace IotOps.Defender.Publishing;

/// <summary>How long to wait before trying again: full jitter, so that a fleet does not come back in step.</summary>
/// <param name="first">The longest first wait.</param>
/// <param name="longest">The longest wait ever; capped before the jitter.</param>
internal sealed class Backoff(TimeSpan first, TimeSpan longest)
{
    private int _attempts;

    /// <summary>The next wait.</summary>
    public TimeSpan Next()
    {
        double cap = Math.Min(longest.TotalSeconds, first.TotalSeconds * Math.Pow(2, Math.Min(_attempts++, 30)));
#pragma warning disable CA5394 // Spreads load; nothing secret hangs on it.
        return TimeSpan.FromSeconds(cap * Random.Shared.NextDouble());
#pragma warning restore CA5394
    }

    /// <summary>It worked.</summary>
    public void Reset() => _attempts = 0;
}
