namespace IotOps.Logs;

/// <summary>
/// Tails log files and ships them, with events written by the caller, to Amazon CloudWatch Logs. At least once: what was readable arrives,
/// and a crash sends at most the request that was under way of each stream a second time.
/// </summary>
/// <remarks>Safe for concurrent use. Follows https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html.</remarks>
public sealed class LogShipper : IAsyncDisposable
{
    private readonly LogShipperOptions _options;

    /// <summary>Checks the options and opens the state directory; nothing is read or sent before <see cref="Start"/>.</summary>
    /// <exception cref="ArgumentException">An option is out of range; the message names it and what it may be.</exception>
    /// <exception cref="IOException">The state directory cannot be used, or another shipper uses it.</exception>
    public LogShipper(LogShipperOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
    }

    /// <summary>Counters since the start.</summary>
    public LogShipperStatistics Statistics { get; } = new();

    /// <summary>Begins to tail and ship in the background.</summary>
    public void Start() => throw new NotSupportedException(_options.Region);

    /// <summary>
    /// Takes one event for a log stream. On disk before it returns true, so that it survives the process. Never waits for the service.
    /// </summary>
    /// <param name="group">Log group.</param>
    /// <param name="stream">Log stream.</param>
    /// <param name="timestamp">When it happened.</param>
    /// <param name="message">UTF-8; longer than the event limit is split.</param>
    /// <returns>False when it was dropped and counted: the spool's disk refused it.</returns>
    public bool TryWrite(string group, string stream, DateTimeOffset timestamp, ReadOnlySpan<byte> message) =>
        throw new NotSupportedException(_options.Region);

    /// <summary>Completes when all that could be read is accepted and nothing new came for <paramref name="quiet"/>.</summary>
    public Task WaitUntilIdleAsync(TimeSpan quiet, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException(_options.Region);

    /// <summary>Reads and ships what is there, then stops; what is not accepted when the token fires stays on disk for the next start.</summary>
    /// <returns>The final counters; <see cref="LogShipperStatistics.EventsPending"/> tells what was left.</returns>
    public Task<LogShipperStatistics> StopAsync(CancellationToken cancellationToken = default) =>
        throw new NotSupportedException(_options.Region);

    /// <summary>Stops without draining. Everything not accepted stays on disk for the next start.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
