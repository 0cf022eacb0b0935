using System.Threading.Channels;
using IotOps.Mqtt;
using Microsoft.Extensions.Logging;

namespace IotOps.Defender.Publishing;

/// <summary>Subscribes to the answers, again when that is refused, and brings what comes to the loop.</summary>
internal sealed class ReplyPump(
    DefenderPublisherOptions options, DefenderTopics topics, PublisherMetrics metrics, ILogger logger, ChannelWriter<DefenderReply> replies, WakeSignal wake)
{
    private volatile bool _isSubscribed;

    /// <summary>Whether an answer would come in.</summary>
    public bool IsSubscribed => _isSubscribed;

    /// <summary>Serves until the connection is closed for good, or the publisher.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var backoff = new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(2));
        try
        {
            while (true)
            {
                try
                {
                    await ServeAsync(backoff, stop).ConfigureAwait(false);
                    return;
                }
                catch (Exception e) when (e is not (OperationCanceledException or ObjectDisposedException or ChannelClosedException))
                {
                    Log.NotSubscribed(logger, topics.Accepted, e.Message);
                }
                finally
                {
                    _isSubscribed = false;
                }

                await Task.Delay(backoff.Next(), options.TimeProvider, stop).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The publisher is closing.
        }
        catch (Exception e) when (e is ObjectDisposedException or ChannelClosedException)
        {
            // The connection is closed for good, or the publisher.
        }
    }

    private async Task ServeAsync(Backoff backoff, CancellationToken stop)
    {
        IMqttSubscription subscription = await options.Connection.SubscribeAsync([topics.Accepted, topics.Rejected], cancellationToken: stop).ConfigureAwait(false);
        await using (subscription.ConfigureAwait(false))
        {
            _isSubscribed = true;
            backoff.Reset();
            wake.Set();
            await foreach (MqttReceivedMessage message in subscription.Messages.ReadAllAsync(stop).ConfigureAwait(false))
            {
                using (message)
                {
                    if (Read(message) is { } reply)
                    {
                        await replies.WriteAsync(reply, stop).ConfigureAwait(false);
                        wake.Set();
                    }
                }
            }
        }
    }

    private DefenderReply? Read(MqttReceivedMessage message)
    {
        bool isAccepted = message.Topic == topics.Accepted;
        if (!isAccepted && message.Topic != topics.Rejected)
        {
            return null;
        }

        try
        {
            return DefenderReply.Read(message.Payload.Span, options.Format, isAccepted);
        }
        catch (FormatException e)
        {
            metrics.Malformed();
            Log.MalformedReply(logger, message.Topic, message.Payload.Length, e.Message);
            return null;
        }
    }
}
