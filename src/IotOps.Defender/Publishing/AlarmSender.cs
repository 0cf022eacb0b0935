using System.Buffers;
using System.Threading.Channels;
using IotOps.Mqtt;
using IotOps.Shared;
using Microsoft.Extensions.Logging;

namespace IotOps.Defender.Publishing;

/// <summary>
/// Publishes alarms in their order, each until the broker has it. They wait in memory: an alarm that is still on after a restart is known to
/// the evaluator, and is not raised again.
/// </summary>
internal sealed class AlarmSender
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(1);

    private readonly IMqttConnection _connection;
    private readonly string _topic;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Backoff _backoff;
    private readonly Channel<byte[]> _waiting;

    public AlarmSender(DefenderPublisherOptions options, string topic, PublisherMetrics metrics, ILogger logger)
    {
        _connection = options.Connection;
        _topic = topic;
        _time = options.TimeProvider;
        _logger = logger;
        _backoff = new Backoff(FirstDelay, options.Interval);

        // Full: the oldest go. What matters after a long time without a network is how things are now.
        _waiting = Channel.CreateBounded<byte[]>(
            new BoundedChannelOptions(100) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true },
            _ => metrics.ViolationDropped());
    }

    public void Add(ViolationEvent alarm)
    {
        var payload = new ArrayBufferWriter<byte>();
        alarm.WriteTo(payload);
        _waiting.Writer.TryWrite(payload.WrittenSpan.ToArray());
    }

    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (await _waiting.Reader.WaitToReadAsync(stop).ConfigureAwait(false))
            {
                while (_waiting.Reader.TryPeek(out byte[]? payload))
                {
                    await PublishAsync(payload, stop).ConfigureAwait(false);
                    if (_waiting.Reader.TryPeek(out byte[]? first) && first == payload)
                    {
                        _waiting.Reader.TryRead(out _);
                    }
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The publisher is closing.
        }
        catch (ObjectDisposedException)
        {
            // The connection is closed for good.
        }
    }

    private async Task PublishAsync(byte[] payload, CancellationToken stop)
    {
        while (true)
        {
            try
            {
                await _connection.PublishAsync(_topic, payload, cancellationToken: stop).ConfigureAwait(false);
                _backoff.Reset();
                return;
            }
            catch (Exception e) when (e is not OperationCanceledException and not ObjectDisposedException)
            {
                TimeSpan delay = _backoff.Next();
                Log.AlarmNotPublished(_logger, _topic, delay, e.Message);
                await Task.Delay(delay, _time, stop).ConfigureAwait(false);
            }
        }
    }
}
