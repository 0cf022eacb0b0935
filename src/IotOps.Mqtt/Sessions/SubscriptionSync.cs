using IotOps.Mqtt.Codec;
using IotOps.Mqtt.Publishing;
using IotOps.Mqtt.Receiving;

namespace IotOps.Mqtt.Sessions;

/// <summary>Tells the broker of one link what the subscription table wants, in packets of as many filters as the limits allow.</summary>
internal sealed class SubscriptionSync(MqttConnectionOptions options, Outbox outbox, SubscriptionTable table)
{
    private const int PacketsAtOnce = 32;

    private readonly int _filtersPerPacket = options.Limits.FiltersPerPacket;
    private readonly MqttProtocolVersion _version = options.ProtocolVersion;

    /// <summary>Returns when the broker has answered everything; false when the link ended before.</summary>
    /// <param name="link">The connection.</param>
    /// <param name="ended">Ends with it.</param>
    /// <param name="isOpen">Publications are under way: suspects have their turn too.</param>
    public async Task<bool> RunAsync(Link link, Task ended, bool isOpen)
    {
        while (true)
        {
            SubscriptionWork work = table.TakeWork(isOpen);
            if (work.IsEmpty)
            {
                return !ended.IsCompleted;
            }

            List<Exchange> exchanges = [.. Exchanges(work).Take(PacketsAtOnce)];
            foreach (Exchange exchange in exchanges)
            {
                if (!(work.IsAlone ? outbox.TrySendAlone(link.Sender, exchange.Reply) : outbox.TrySend(link.Sender, exchange.Reply)))
                {
                    return false;
                }
            }

            Task answered = Task.WhenAll(exchanges.Select(exchange => exchange.Reply.Reasons));
            if (await Task.WhenAny(answered, ended).ConfigureAwait(false) != answered || !answered.IsCompletedSuccessfully)
            {
                return false;
            }

            foreach (Exchange exchange in exchanges)
            {
                byte[] reasons = await exchange.Reply.Reasons.ConfigureAwait(false);
                if (!exchange.Settle(reasons))
                {
                    MqttException error = Malformed.Protocol($"{reasons.Length} reasons answer a SUBSCRIBE of another number of filters");
                    table.Fail(exchange.Reply, error);
                    link.Abort(error);
                    return false;
                }
            }
        }
    }

    private IEnumerable<Exchange> Exchanges(SubscriptionWork work)
    {
        // First those that leave: the broker counts what is subscribed.
        for (int start = 0; start < work.Unsubscribe.Length; start += _filtersPerPacket)
        {
            string[] filters = work.Unsubscribe[start..Math.Min(start + _filtersPerPacket, work.Unsubscribe.Length)];
            yield return new Exchange(new ControlReply(isSubscribe: false, filters, id => SubscribeCodec.WriteUnsubscribe(_version, id, filters)), _ =>
            {
                Array.ForEach(filters, table.Unsubscribed);
                return true;
            });
        }

        // A packet has one identifier for all of its filters.
        int perPacket = work.Subscribe is [{ Identifier: not 0 }, ..] ? 1 : _filtersPerPacket;
        for (int start = 0; start < work.Subscribe.Length; start += perPacket)
        {
            int first = start;
            TopicSubscription[] filters = work.Subscribe[start..Math.Min(start + perPacket, work.Subscribe.Length)];
            var reply = new ControlReply(isSubscribe: true, Array.ConvertAll(filters, filter => filter.Filter), id => SubscribeCodec.WriteSubscribe(_version, id, filters));
            yield return new Exchange(reply, reasons =>
            {
                for (int i = 0; i < filters.Length && reasons.Length == filters.Length; i++)
                {
                    table.Answer(filters[i].Filter, work.Wishes[first + i], reasons[i]);
                }

                return reasons.Length == filters.Length;
            });
        }
    }

    private sealed record Exchange(ControlReply Reply, Func<byte[], bool> Settle);
}
