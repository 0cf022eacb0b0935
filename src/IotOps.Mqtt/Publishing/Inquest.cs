namespace IotOps.Mqtt.Publishing;

/// <summary>
/// Finds, when a connection has ended, what it may have ended of: every packet that was sent and not answered is noted, and one that ended too
/// many connections, the last by itself, is given up. The caller locks.
/// </summary>
internal sealed class Inquest(MqttConnectionOptions options, SendWindow window)
{
    private const int MostTold = 5;

    /// <summary>Notes what is suspected, and takes out of the window what is given up; the caller completes it.</summary>
    public Interruption Hold(MqttException error, EndCause cause, List<ControlReply> replies, List<(PublishOperation Operation, MqttException Error)> failed)
    {
        List<PublishOperation> underWay = window.UnderWay();
        string? qos0 = window.Confirmations.Qos0Topic;
        IReadOnlyList<string> inFlight = Names(underWay, replies, qos0);
        if (!Suspicion.Falls(cause, error.Reason))
        {
            return new Interruption(inFlight, [], [], IsAlone: false);
        }

        bool isNamed = Suspicion.NamesPublication(error.Reason);
        int packets = underWay.Count + replies.Count + (qos0 is null ? 0 : 1);
        List<MqttException> givenUp = [];
        foreach (PublishOperation operation in underWay.Where(operation => !operation.IsOrphan && IsSuspected(operation, cause)))
        {
            operation.Interruptions++;
            operation.IsNamed |= isNamed;
            if (packets == 1 && (isNamed || operation.Interruptions > Suspicion.Threshold))
            {
                MqttException why = GivenUp(operation, error);
                window.Forget(operation);
                failed.Add((operation, why));
                givenUp.Add(why);
            }
        }

        List<ControlReply> suspected = replies.FindAll(reply => IsSuspected(reply, cause));
        return new Interruption(inFlight, suspected, givenUp, IsAlone: packets == 1 && suspected is [{ Filters.Count: 1 }]);
    }

    private static List<string> Names(List<PublishOperation> underWay, List<ControlReply> replies, string? qos0)
    {
        List<string> all = [.. replies.SelectMany(reply => reply.Filters.Select(filter => $"{(reply.IsSubscribe ? "SUBSCRIBE" : "UNSUBSCRIBE")} {filter}"))];
        all.AddRange(underWay.Select(operation => $"PUBLISH {operation.Topic}").Distinct(StringComparer.Ordinal));
        if (qos0 is not null)
        {
            all.Add($"PUBLISH {qos0} (QoS 0)");
        }

        return all.Count <= MostTold ? all : [.. all.Take(MostTold), $"{all.Count - MostTold} more"];
    }

    // Of a broker that answers pings only the packets that are overdue are suspected.
    private bool IsSuspected(PendingReply reply, EndCause cause) =>
        cause == EndCause.Broker || options.TimeProvider.GetElapsedTime(reply.SentAt) >= options.AcknowledgeTimeout;

    private MqttException GivenUp(PublishOperation operation, MqttException error) =>
        new($"The publication to '{operation.Topic}' is given up: {Suspicion.Ended(operation.Interruptions)} before it was acknowledged, the last one with nothing else in flight ({error.Message}) "
            + $"Check what the policy of '{options.ClientId}' allows, and the broker's limits: the packet has {operation.PacketLength} bytes.", error)
        {
            Reason = error.Reason,
        };
}
