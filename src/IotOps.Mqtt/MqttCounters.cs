using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace IotOps.Mqtt;

/// <summary>What a connection counts, as the meter <c>IotOps.Mqtt</c>. Each field has one lock or one thread that writes it.</summary>
internal sealed class MqttCounters : IDisposable
{
    public const string MeterName = "IotOps.Mqtt";

    /// <summary>Traces attempts to connect and publications, under the meter's name.</summary>
    public static readonly ActivitySource Source = new(MeterName);

    private readonly Meter _meter = new(MeterName);
    // Tells several of one process apart: a reader keeps one observed value for each set of tags.
    private readonly KeyValuePair<string, object?> _tag;
    private long _connections;
    private long _received;
    private long _dropped;
    private long _unmatched;
    private long _oversize;

    /// <param name="client">Tells the connections of a process apart: the client id.</param>
    public MqttCounters(string client)
    {
        _tag = new("client", client);

        // Observed, not added to: a message costs no more for being counted.
        Observe("iotops.mqtt.published", () => Volatile.Read(ref Published), "{message}", "Publications sent, repetitions included.");
        Observe("iotops.mqtt.acknowledged", () => Volatile.Read(ref Acknowledged), "{message}", "QoS 1 publications that the broker answered.");
        Observe("iotops.mqtt.resent", () => Volatile.Read(ref Resent), "{message}", "QoS 1 publications sent again after a lost connection.");
        Observe("iotops.mqtt.rejected", () => Volatile.Read(ref Rejected), "{message}", "Publications not taken: offline policy, full queue, closed connection.");
        Observe("iotops.mqtt.given_up", () => Volatile.Read(ref GivenUp), "{message}", "QoS 1 publications failed because the broker ended one connection after the other on them.");
        Observe("iotops.mqtt.received", () => Volatile.Read(ref _received), "{message}", "Messages from the broker.");
        Observe("iotops.mqtt.dropped", () => Volatile.Read(ref _dropped), "{message}", "Messages dropped because a subscription's channel was full.");
        Observe("iotops.mqtt.unmatched", () => Volatile.Read(ref _unmatched), "{message}", "Messages that no subscription and no listener of this connection took.");
        Observe("iotops.mqtt.oversize", () => Volatile.Read(ref _oversize), "{message}", "Messages passed over because they are larger than MaxPacketBytes.");
        Observe("iotops.mqtt.connections", () => Volatile.Read(ref _connections), "{connection}", "Times the broker accepted.");
    }

    // The outbox's lock guards these five.
    public long Published;
    public long Acknowledged;
    public long Resent;
    public long Rejected;
    public long GivenUp;

    /// <summary>Messages that nobody took.</summary>
    public long UnmatchedMessages => Interlocked.Read(ref _unmatched);

    public void Connected() => Interlocked.Increment(ref _connections);

    public void Received() => Interlocked.Increment(ref _received);

    public void Dropped() => Interlocked.Increment(ref _dropped);

    public void Unmatched() => Interlocked.Increment(ref _unmatched);

    public void Oversize() => Interlocked.Increment(ref _oversize);

    public void Dispose() => _meter.Dispose();

    private void Observe(string name, Func<long> value, string unit, string description) => _meter.CreateObservableCounter(name, () => new Measurement<long>(value(), _tag), unit, description);
}
