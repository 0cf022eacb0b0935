using System.Diagnostics.Metrics;
using IotOps.Mqtt.Storing;
using IotOps.Shared;
using Microsoft.Extensions.Logging;

namespace IotOps.Mqtt;

/// <summary>
/// QoS 1 messages that outlive the process: each is on the disk before <see cref="PublishAsync"/> returns, and is sent, in order, as soon as and as
/// often as it takes until the broker acknowledges it. For telemetry that must not be lost while the device is offline and restarts. Over any
/// <see cref="IMqttConnection"/>, which whoever made it connects and disposes. Safe for concurrent use.
/// </summary>
/// <remarks>
/// A message arrives at least once: after a crash what was acknowledged last may be sent again. What the broker refuses for good, or gives no
/// room, is dropped, counted and logged with its topic. Counters are in the meter <c>IotOps.Mqtt</c>.
/// </remarks>
public sealed class DurablePublisher : IAsyncDisposable
{
    private static readonly TimeSpan LongestRetryDelay = TimeSpan.FromSeconds(60);

    private readonly IMqttConnection _connection;
    private readonly DurablePublisherOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly MessageStore _store;
    private readonly Backoff _backoff;
    private readonly Signal _wake = new();
    private readonly CancellationTokenSource _stop = new();
    // Tells several of one process apart: a reader keeps one observed value for each set of tags.
    private readonly KeyValuePair<string, object?> _tag;
    private readonly Meter _meter = new(MqttCounters.MeterName);
    private readonly Task _sending;
    private long _stored;
    private long _acknowledged;
    private long _rejected;
    private long _pauseUntil = long.MinValue;

    /// <summary>Takes the directory, and begins to send what a process before this one left.</summary>
    /// <param name="connection">Sends; it may connect later.</param>
    /// <param name="options">Where messages are kept.</param>
    /// <exception cref="ArgumentException">An option cannot work.</exception>
    /// <exception cref="IOException">The directory cannot be used, or another publisher has it.</exception>
    public DurablePublisher(IMqttConnection connection, DurablePublisherOptions options)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(options);
        string? wrong = options switch
        {
            { Directory: "" } => "Directory is empty.",
            { LimitBytes: < 1024 } => $"LimitBytes must be 1,024 or more, but is {options.LimitBytes}.",
            { MaxInFlight: < 1 or > 10_000 } => $"MaxInFlight must be 1 to 10,000, but is {options.MaxInFlight}.",
            _ when options.MinRetryDelay <= TimeSpan.Zero => "MinRetryDelay must be longer than zero.",
            _ => null,
        };
        _options = wrong is null ? options : throw new ArgumentException(wrong, nameof(options));
        _connection = connection;
        _time = options.TimeProvider;
        _tag = new("publisher", options.Directory);
        _logger = options.LoggerFactory.CreateLogger<DurablePublisher>();
        _backoff = new Backoff(options.MinRetryDelay, LongestRetryDelay);
        _store = new MessageStore(options, _logger, _wake.Set);
        _meter.CreateObservableCounter("iotops.mqtt.durable.stored", () => Of(Volatile.Read(ref _stored)), "{message}", "Messages kept on the disk.");
        _meter.CreateObservableCounter("iotops.mqtt.durable.acknowledged", () => Of(Volatile.Read(ref _acknowledged)), "{message}", "Kept messages that the broker acknowledged.");
        _meter.CreateObservableCounter("iotops.mqtt.durable.dropped", () => Of(Dropped), "{message}", "Kept messages that gave way to newer ones.");
        _meter.CreateObservableCounter("iotops.mqtt.durable.rejected", () => Of(Rejected), "{message}", "Kept messages that were refused for good, or expired.");
        _meter.CreateObservableUpDownCounter("iotops.mqtt.durable.waiting", () => Of(Waiting), "{message}", "Kept messages that the broker has not acknowledged.");
        _sending = Task.Run(SendAsync);
    }

    /// <summary>Messages that the broker has not acknowledged.</summary>
    public int Waiting => _store.Count;

    /// <summary>Bytes of them, as <see cref="DurablePublisherOptions.LimitBytes"/> counts.</summary>
    public long WaitingBytes => _store.Bytes;

    /// <summary>Messages dropped since the start because newer ones had no room.</summary>
    public long Dropped => _store.Dropped;

    /// <summary>Messages dropped since the start because they were refused for good, or had expired.</summary>
    public long Rejected => Interlocked.Read(ref _rejected);

    /// <summary>Keeps a message; completes when it is on the disk. The payload may be used again then.</summary>
    /// <param name="topic">Where to; no wildcards.</param>
    /// <param name="payload">The message.</param>
    /// <param name="options">What MQTT 5 can say beside the payload; an expiry goes on over restarts, by the wall clock. Null for nothing.</param>
    /// <param name="cancellationToken">Gives up waiting; the message may be kept all the same.</param>
    /// <exception cref="ArgumentException">MQTT does not allow the topic.</exception>
    /// <exception cref="MqttException">The messages that wait leave no room, and the overflow policy drops none for it.</exception>
    /// <exception cref="IOException">The disk refused; the message is not kept.</exception>
    public async ValueTask PublishAsync(
        string topic, ReadOnlyMemory<byte> payload, MqttPublishOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(topic);
        if (!MqttTopic.IsName(topic))
        {
            throw new ArgumentException($"'{topic}' is no topic to publish to: it is empty or has a wildcard (+ #) or U+0000.", nameof(topic));
        }

        cancellationToken.ThrowIfCancellationRequested();
        await _store.AddAsync(topic, StoredRecord.Message(topic, payload.Span, options, _time.GetUtcNow())).WaitAsync(cancellationToken).ConfigureAwait(false);
        Interlocked.Increment(ref _stored);
    }

    /// <summary>Completes when nothing waits any more.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task WhenEmptyAsync(CancellationToken cancellationToken = default) => _store.WhenEmpty().WaitAsync(cancellationToken);

    /// <summary>Stops sending. What waits stays on the disk, for the next publisher of this directory.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested)
        {
            return;
        }

        await _stop.CancelAsync().ConfigureAwait(false);
        _wake.Set();
        await _sending.ConfigureAwait(false);
        await _store.DisposeAsync().ConfigureAwait(false);
        _meter.Dispose();
        _stop.Dispose();
    }

    private async Task SendAsync()
    {
        List<Task> underWay = [];
        while (!_stop.IsCancellationRequested)
        {
            Task wake = _wake.TakeAsync();
            underWay.RemoveAll(task => task.IsCompleted);
            TimeSpan pause = Pause();
            if (pause > TimeSpan.Zero)
            {
                await Task.Delay(pause, _time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                continue;
            }

            if (underWay.Count < _options.MaxInFlight && _store.Take() is { } message)
            {
                underWay.Add(SendAsync(message));
                continue;
            }

            await wake.ConfigureAwait(false);
        }

        await Task.WhenAll(underWay).ConfigureAwait(false);
    }

    private async Task SendAsync(StoredMessage message)
    {
        (string topic, ReadOnlyMemory<byte> payload, MqttPublishOptions? options, DateTimeOffset? expires) = message.Content();
        try
        {
            if (expires is { } end)
            {
                // MQTT counts whole seconds; a clock that went back does not make it longer than a wait for the clock's return.
                TimeSpan left = end - _time.GetUtcNow();
                if (left < TimeSpan.FromSeconds(1))
                {
                    Reject(message, topic, "it has expired.");
                    return;
                }

                options = (options ?? new MqttPublishOptions()) with { MessageExpiry = TimeSpan.FromSeconds(Math.Floor(left.TotalSeconds)) };
            }

            await _connection.PublishAsync(topic, payload, MqttQualityOfService.AtLeastOnce, options, _stop.Token).ConfigureAwait(false);
            _backoff.Reset();
            Interlocked.Increment(ref _acknowledged);
            _store.Done(message);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // It stays on the disk.
        }
        catch (Exception e) when (IsFinal(e))
        {
            Reject(message, topic, e.Message);
        }
#pragma warning disable CA1031 // A connection of the host's own may throw anything; the message is tried again.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Wait(message, e.Message);
        }

        _wake.Set();
    }

    // A connection that was closed for good refuses everything: the next process has another one.
    private bool IsFinal(Exception e) =>
        e is ArgumentException || (e is MqttException { IsTransient: false } && _connection.State.Status != MqttConnectionStatus.Closed);

    private void Reject(StoredMessage message, string topic, string reason)
    {
        Interlocked.Increment(ref _rejected);
        Log.KeptMessageRefused(_logger, topic, reason);
        _store.Done(message);
        _wake.Set();
    }

    private void Wait(StoredMessage message, string reason)
    {
        TimeSpan delay = _backoff.Next();
        Volatile.Write(ref _pauseUntil, _time.GetTimestamp() + (long)(delay.TotalSeconds * _time.TimestampFrequency));
        Log.KeptMessagesWait(_logger, reason, delay);
        _store.PutBack(message);
    }

    private TimeSpan Pause()
    {
        long until = Volatile.Read(ref _pauseUntil);
        long now = _time.GetTimestamp();
        return until <= now ? TimeSpan.Zero : _time.GetElapsedTime(now, until);
    }

    private Measurement<T> Of<T>(T value)
        where T : struct => new(value, _tag);
}
