namespace IotOps.Logs;

/// <summary>Where an application's own log messages go, and in which form.</summary>
public sealed record CloudWatchLoggerOptions
{
    /// <summary>
    /// Log group, 1-512 letters, digits and <c>_ - / . #</c>, with the tokens of <see cref="LogFileOptions.Group"/> but <c>{file}</c>;
    /// <c>{date}</c> is the UTC day of the message.
    /// </summary>
    public required string Group { get; init; }

    /// <summary>
    /// Log stream, 1-512 characters without <c>:</c> and <c>*</c>, with the same tokens: <c>{thing}/agent</c> is a stream for each device,
    /// with <see cref="LogShipperOptions.ThingName"/> set.
    /// </summary>
    public required string Stream { get; init; }

    /// <summary>How a message is written. <see cref="CloudWatchLogFormat.Text"/> by default.</summary>
    public CloudWatchLogFormat Format { get; init; }

    /// <summary>Writes the scopes a message was logged in. True by default.</summary>
    public bool IncludeScopes { get; init; } = true;

    /// <summary>Longest time that disposing the provider waits for the service, when the provider owns its shipper. 5 s by default.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Called once, at the end of disposing, with the final counters, when the provider owns its shipper:
    /// <see cref="LogShipperStatistics.EventsPending"/> messages are left on disk and are sent by the next start.
    /// It is no logger's business, because no logger works by then.
    /// </summary>
    public Action<LogShipperStatistics>? Drained { get; init; }
}
