using System.Threading.Channels;
using IotOps.Mqtt;

namespace IotOps.Shadow.Sync;

/// <summary>Subscribes, again when that is refused, and brings what comes into the loop's inbox. Safe for concurrent use.</summary>
internal sealed class MessagePump(SyncContext context, ChannelWriter<MqttReceivedMessage> inbox, WakeSignal wake)
{
    /// <summary>Serves one subscription until the connection or the cache is closed.</summary>
    /// <param name="filters">What to subscribe.</param>
    /// <param name="sessions">Who is told whether its messages reach this device.</param>
    /// <param name="stop">The cache is closing.</param>
    public async Task RunAsync(string[] filters, ShadowSession[] sessions, CancellationToken stop)
    {
        var backoff = new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(2));
        try
        {
            while (true)
            {
                try
                {
                    await ServeAsync(filters, sessions, stop).ConfigureAwait(false);
                    return;
                }
                catch (MqttException e)
                {
                    Log.NotSubscribed(context.Logger, filters[0], e.Message);
                }

                Subscribed(sessions, false);
                await Task.Delay(backoff.Next(), context.Options.TimeProvider, stop).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The cache is closing.
        }
        catch (Exception e) when (e is ObjectDisposedException or ChannelClosedException)
        {
            // The connection is closed for good, or the cache.
        }
    }

    private async Task ServeAsync(string[] filters, ShadowSession[] sessions, CancellationToken stop)
    {
        IMqttSubscription subscription = await context.Options.Connection.SubscribeAsync(filters, cancellationToken: stop).ConfigureAwait(false);
        await using (subscription.ConfigureAwait(false))
        {
            Subscribed(sessions, true);
            await foreach (MqttReceivedMessage message in subscription.Messages.ReadAllAsync(stop).ConfigureAwait(false))
            {
                try
                {
                    await inbox.WriteAsync(message, stop).ConfigureAwait(false);
                }
                catch
                {
                    message.Dispose();
                    throw;
                }

                wake.Set();
            }
        }
    }

    private void Subscribed(ShadowSession[] sessions, bool value)
    {
        foreach (ShadowSession session in sessions)
        {
            session.IsSubscribed = value;
        }

        wake.Set();
    }
}
