using IotOps.Mqtt.Codec;

namespace IotOps.Mqtt.Receiving;

/// <summary>What has to be said to the broker next so that it has the filters the table has.</summary>
/// <param name="Subscribe">Filters to subscribe.</param>
/// <param name="Wishes">For each of them, at the same place, which wish this fulfils.</param>
/// <param name="Unsubscribe">Filters nobody wants any more.</param>
/// <param name="IsAlone">The one filter is a suspect: it is sent with nothing beside it.</param>
internal sealed record SubscriptionWork(TopicSubscription[] Subscribe, int[] Wishes, string[] Unsubscribe, bool IsAlone = false)
{
    public bool IsEmpty => Subscribe.Length == 0 && Unsubscribe.Length == 0;
}
