using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using IotOps.Mqtt;
using Microsoft.Extensions.Logging;

namespace IotOps.Defender.Publishing;

/// <summary>Subscribes to the answers, again when that is refused, and keeps those that can be read until the loop takes them.</summary>
internal sealed class ReplyInbox(DefenderPublisherOptions options, DefenderTopics topics, PublisherMetrics metrics, ILogger logger, Action wake)
{
    // Full: the subscription waits, and the broker with it. There is one report in flight, so that there is one answer.
    private readonly Channel<DefenderReply> _replies = Channel.CreateBounded<DefenderReply>(16);

    private volatile bool _isSubscribed;

    /// <summary>Whether an answer would come in.</summary>
    public bool IsSubscribed => _isSubscribed;

    public bool TryTake([NotNullWhen(true)] out DefenderReply? reply) => _replies.Reader.TryRead(out reply);

    /// <summary>Receives until the connection is closed for good, or the publisher.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var receive = new MqttReceiveOptions
        {
            TimeProvider = options.TimeProvider,
            OnSubscribed = () =>
            {
                _isSubscribed = true;
                wake();
            },
            OnFailed = (error, _) =>
            {
                _isSubscribed = false;
                Log.NotSubscribed(logger, topics.Accepted, error.Message);
            },
        };
        try
        {
            await foreach (MqttReceivedMessage message in options.Connection.ReceiveAsync([topics.Accepted, topics.Rejected], receive, stop).ConfigureAwait(false))
            {
                using (message)
                {
                    if (Read(message) is { } reply)
                    {
                        await _replies.Writer.WriteAsync(reply, stop).ConfigureAwait(false);
                        wake();
                    }
                }
            }
        }
        finally
        {
            _isSubscribed = false;
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
