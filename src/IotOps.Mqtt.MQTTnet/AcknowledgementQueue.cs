using System.Threading.Channels;
using MQTTnet;

namespace IotOps.Mqtt;

/// <summary>
/// The QoS 1 messages of one connection, acknowledged when they are disposed and in the order in which they came (OASIS MQTT 5.0, 4.6): one
/// that is done waits for those before it. The broker bounds how many there are by its receive maximum.
/// </summary>
internal sealed class AcknowledgementQueue
{
    private readonly Channel<Delivery> _deliveries = Channel.CreateUnbounded<Delivery>(new UnboundedChannelOptions { SingleReader = true });
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _run;

    public AcknowledgementQueue() => _run = RunAsync();

    /// <summary>Takes a message in.</summary>
    /// <param name="received">What MQTTnet would acknowledge by itself.</param>
    /// <param name="owners">How many have to dispose what is returned.</param>
    public IDisposable Add(MqttApplicationMessageReceivedEventArgs received, int owners)
    {
        received.AutoAcknowledge = false;
        var delivery = new Delivery(received, owners);
        _deliveries.Writer.TryWrite(delivery);
        return delivery;
    }

    /// <summary>Nothing more is acknowledged; ends when nothing is being sent. The broker sends again what is left, if it keeps the session.</summary>
    public Task CloseAsync()
    {
        _closed.TrySetResult();
        _deliveries.Writer.TryComplete();
        return _run;
    }

    private async Task RunAsync()
    {
        await foreach (Delivery delivery in _deliveries.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            await Task.WhenAny(delivery.Done, _closed.Task).ConfigureAwait(false);
            if (_closed.Task.IsCompleted)
            {
                return;
            }

            try
            {
                await delivery.Received.AcknowledgeAsync(CancellationToken.None).ConfigureAwait(false);
            }
#pragma warning disable CA1031 // Whatever it was, the message stays unacknowledged, and the broker sends it again after the next connect.
            catch (Exception)
#pragma warning restore CA1031
            {
                continue;
            }
        }
    }

    private sealed class Delivery(MqttApplicationMessageReceivedEventArgs received, int owners) : IDisposable
    {
        private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _owners = owners;

        public MqttApplicationMessageReceivedEventArgs Received => received;

        public Task Done => _done.Task;

        public void Dispose()
        {
            if (Interlocked.Decrement(ref _owners) == 0)
            {
                _done.TrySetResult();
            }
        }
    }
}
