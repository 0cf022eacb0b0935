using IotOps.Mqtt.Codec;
using IotOps.Mqtt.Receiving;

namespace IotOps.Mqtt.Sessions;

/// <summary>Tells the broker of one link what the subscription table wants, in packets of as many filters as the limits allow.</summary>
internal sealed class SubscriptionSync(MqttConnectionOptions options, SubscriptionTable table)
{
    private readonly int _filtersPerPacket = options.Limits.FiltersPerPacket;

    /// <summary>Returns when the broker has answered everything; false when the link ended before.</summary>
    public async Task<bool> RunAsync(Link link)
    {
        while (true)
        {
            SubscriptionWork work = table.TakeWork();
            if (work.IsEmpty)
            {
                return !link.Ended.IsCompleted;
            }

            // First those that leave: the broker counts what is subscribed.
            foreach (string[] filters in work.Unsubscribe.Chunk(_filtersPerPacket))
            {
                if (!await link.UnsubscribeAsync(filters).ConfigureAwait(false))
                {
                    return false;
                }

                Array.ForEach(filters, table.Unsubscribed);
            }

            foreach ((TopicSubscription Topic, int Wish)[] filters in work.Subscribe.Zip(work.Wishes).Chunk(_filtersPerPacket))
            {
                if (await link.SubscribeAsync(Array.ConvertAll(filters, filter => filter.Topic)).ConfigureAwait(false) is not { } reasons)
                {
                    return false;
                }

                for (int i = 0; i < filters.Length; i++)
                {
                    table.Answer(filters[i].Topic.Filter, filters[i].Wish, reasons[i]);
                }
            }
        }
    }
}
