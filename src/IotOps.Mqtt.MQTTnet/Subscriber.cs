using MQTTnet;

namespace IotOps.Mqtt;

/// <summary>Subscribes and unsubscribes through the client what the table wants, and again what the broker forgot.</summary>
#pragma warning disable CA1001 // Neither holds anything until its wait handle is asked for; a subscriber that gave up may use both late.
internal sealed class Subscriber(IMqttClient client, MqttNetConnectionOptions options, SubscriptionTable table)
#pragma warning restore CA1001
{
    // A broker may answer what a policy does not allow by closing the connection. Asked again at every reconnect, one filter would end every
    // connection of the application; a bad network ends so many at just this moment hardly ever.
    private const int MostInterruptions = 3;

    // Never cancelled. Without a token that could be, MQTTnet makes one of its Timeout, which may stop it in the middle of writing a packet.
    private readonly CancellationTokenSource _never = new();

    // One SUBSCRIBE or UNSUBSCRIBE at a time: two about the same filter must not overtake each other.
    private readonly SemaphoreSlim _turn = new(1);
    private int _unsubscribeInterruptions;

    /// <summary>See <see cref="IMqttConnection.SubscribeAsync"/>.</summary>
    public async ValueTask<IMqttSubscription> SubscribeAsync(
        IReadOnlyList<string> topicFilters, MqttSubscribeOptions subscribe, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(topicFilters);
        cancellationToken.ThrowIfCancellationRequested();
        Subscription subscription = table.Add(this, topicFilters, subscribe);
        try
        {
            if (await SyncAsync().WaitAsync(cancellationToken).ConfigureAwait(false) is { } unanswered)
            {
                throw unanswered;
            }

            await subscription.Granted.WaitAsync(cancellationToken).ConfigureAwait(false);
            return subscription;
        }
        catch
        {
            await subscription.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Ends a subscription, and waits, within bounds, until the broker knows.</summary>
    public async ValueTask RemoveAsync(Subscription subscription)
    {
        table.Remove(subscription, error: null);
        if (client.IsConnected && table.Leaving().Length > 0)
        {
            await ((Task)SyncAsync()).WaitAsync(options.CloseTimeout, options.TimeProvider).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Ends all subscriptions and refuses new ones.</summary>
    public Task CloseAsync() => Task.WhenAll(Array.ConvertAll(table.Close(), subscription => RemoveAsync(subscription).AsTask()));

    /// <summary>
    /// Tells the broker what it does not know yet. Null when it knows, or the connection is gone: the next one's event comes here again.
    /// Otherwise the error that it did not answer.
    /// </summary>
    public async Task<MqttException?> SyncAsync()
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        try
        {
            while (client.IsConnected)
            {
                // First those that leave: the broker counts what is subscribed.
                if (table.Leaving() is { Length: > 0 } leaving)
                {
                    await UnsubscribeAsync(leaving).ConfigureAwait(false);
                }
                else if (table.Unknown is { } subscription)
                {
                    await SubscribeAsync(subscription).ConfigureAwait(false);
                }
                else
                {
                    break;
                }
            }

            return null;
        }
        catch (TimeoutException e)
        {
            return new MqttException($"The broker did not answer a SUBSCRIBE or UNSUBSCRIBE within {options.AcknowledgeTimeout.TotalSeconds:0.#} s (AcknowledgeTimeout).", e) { IsTransient = true };
        }
        catch (Exception e) when (ClientErrors.MeansLost(e))
        {
            return null;
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task UnsubscribeAsync(string[] filters)
    {
        try
        {
            await AnsweredAsync(client.UnsubscribeAsync(new MqttClientUnsubscribeOptions { TopicFilters = [.. filters] }, _never.Token)).ConfigureAwait(false);
        }
        catch (Exception e) when (ClientErrors.MeansLost(e))
        {
            if (++_unsubscribeInterruptions < MostInterruptions)
            {
                throw;
            }

            // Given up: what still comes of these filters is for no subscription.
        }

        _unsubscribeInterruptions = 0;
        table.Forget(filters);
    }

    // In packets of as many filters as the limits allow.
    private async Task SubscribeAsync(Subscription subscription)
    {
        int? session = null;
        foreach (string[] filters in subscription.TopicFilters.Chunk(options.Limits.FiltersPerPacket))
        {
            (int asked, MQTTnet.Packets.MqttTopicFilter[] packet) = table.Ask(filters);
            session ??= asked;
            try
            {
                MqttClientSubscribeResult answer = await AnsweredAsync(client.SubscribeAsync(new MqttClientSubscribeOptions { TopicFilters = [.. packet] }, _never.Token)).ConfigureAwait(false);
                subscription.Interruptions = 0;
                if (answer.Items.FirstOrDefault(item => (MqttReasonCode)item.ResultCode >= MqttReasonCode.UnspecifiedError) is { } refused)
                {
                    string filter = refused.TopicFilter.Topic;
                    table.Forget(filter);
                    table.Remove(subscription, MqttException.Refused(
                        $"The broker refused the subscription of '{client.Options.ClientId}' to '{filter}' (its policy must allow iot:Subscribe)", (MqttReasonCode)refused.ResultCode));
                    return;
                }
            }
            catch (Exception e) when (ClientErrors.MeansLost(e))
            {
                if (++subscription.Interruptions == MostInterruptions)
                {
                    table.Remove(subscription, new MqttException(
                        $"The subscription to '{string.Join("', '", filters)}' is given up: {MostInterruptions} connections in a row ended before the broker answered it. Check whether the policy of '{client.Options.ClientId}' allows it.", e));
                }

                throw;
            }
        }

        table.Granted(subscription, session!.Value);
    }

    private async Task<T> AnsweredAsync<T>(Task<T> request)
    {
        try
        {
            return await request.WaitAsync(options.AcknowledgeTimeout, options.TimeProvider).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // It ends with the connection, and nobody waits for its error then.
            _ = request.ContinueWith(static late => _ = late.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            throw;
        }
    }
}
