using System.Buffers;
using System.Text.Json;
using IotOps.Emulator.Mqtt.Packets;

namespace IotOps.Emulator.Mqtt.Sessions;

/// <summary>
/// What AWS IoT Core publishes about its clients below <c>$aws/events/</c>. Guarded by the broker's lock.
/// See https://docs.aws.amazon.com/iot/latest/developerguide/life-cycle-events.html.
/// </summary>
internal sealed class LifecycleEvents(TimeProvider timeProvider, Action<BrokerMessage> publish)
{
    private const string Presence = "$aws/events/presence/";
    private const string Subscriptions = "$aws/events/subscriptions/";
    private const int SweptFrom = 10_000;

    // "If a client is not connected for approximately one hour, the version number is reset to 0", or after the session's expiry.
    private static readonly TimeSpan ForgottenAfter = TimeSpan.FromHours(1);

    private readonly Dictionary<string, (long Version, DateTimeOffset ForgottenAt)> _versions = new(StringComparer.Ordinal);
    private int _sweepAt = SweptFrom;

    public void Connected(Session session, IClient client)
    {
        _versions.TryGetValue(session.ClientId, out (long Version, DateTimeOffset ForgottenAt) last);
        long version = last.ForgottenAt > timeProvider.GetUtcNow() ? last.Version + 1 : 0;
        _versions[session.ClientId] = (version, DateTimeOffset.MaxValue);
        Publish(Presence, "connected", session, client, json =>
        {
            WriteAddress(json, client);
            json.WriteNumber("versionNumber"u8, version);
        });
    }

    public void Disconnected(Session session, IClient client, string reason)
    {
        long version = _versions.GetValueOrDefault(session.ClientId).Version;
        DateTimeOffset now = timeProvider.GetUtcNow();
        TimeSpan kept = session.Expiry > ForgottenAfter ? session.Expiry : ForgottenAfter;
        _versions[session.ClientId] = (version, now + kept);
        Sweep(now);
        Publish(Presence, "disconnected", session, client, json =>
        {
            json.WriteBoolean("clientInitiatedDisconnect"u8, reason == ConnectionHistory.ByClient);
            json.WriteString("disconnectReason"u8, reason);
            json.WriteNumber("versionNumber"u8, version);
        });
    }

    /// <summary>A client was not let in, because it may not connect.</summary>
    public void Failed(IClient client, ConnectPacket connect) =>
        Publish(Presence, "connect_failed", connect.ClientId, Guid.NewGuid().ToString(), Principal(client, connect), client, json =>
        {
            json.WriteString("connectFailureReason"u8, "AUTHORIZATION_FAILED"u8);
            WriteAddress(json, client);
        });

    public void Subscribed(Session session, IClient client, IEnumerable<string> filters) => PublishTopics("subscribed", session, client, filters);

    public void Unsubscribed(Session session, IClient client, IEnumerable<string> filters) => PublishTopics("unsubscribed", session, client, filters);

    private void PublishTopics(string eventType, Session session, IClient client, IEnumerable<string> filters)
    {
        string[] topics = [.. filters];
        if (topics.Length == 0)
        {
            return;
        }

        Publish(Subscriptions, eventType, session, client, json =>
        {
            json.WriteStartArray("topics"u8);
            foreach (string topic in topics)
            {
                json.WriteStringValue(topic);
            }

            json.WriteEndArray();
        });
    }

    private void Publish(string prefix, string eventType, Session session, IClient client, Action<Utf8JsonWriter> details) =>
        Publish(prefix, eventType, session.ClientId, session.Identifier, Principal(client, client.Connect!), client, details);

    private void Publish(string prefix, string eventType, string clientId, string sessionIdentifier, string? principal, IClient client, Action<Utf8JsonWriter> details)
    {
        // Such an id would make a topic filter of the topic: AWS IoT Core publishes nothing about these clients.
        if (clientId.AsSpan().ContainsAny('#', '+'))
        {
            return;
        }

        var payload = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(payload))
        {
            json.WriteStartObject();
            json.WriteString("clientId"u8, clientId);
            if (client.Transport.ThingName is { } thing)
            {
                json.WriteString("thingName"u8, thing);
            }

            json.WriteNumber("timestamp"u8, timeProvider.GetUtcNow().ToUnixTimeMilliseconds());
            json.WriteString("eventType"u8, eventType);
            json.WriteString("sessionIdentifier"u8, sessionIdentifier);
            if (principal is not null)
            {
                json.WriteString("principalIdentifier"u8, principal);
            }

            details(json);
            json.WriteEndObject();
        }

        publish(new BrokerMessage($"{prefix}{eventType}/{clientId}", payload.WrittenMemory) { QoS = 1 });
    }

    private static void WriteAddress(Utf8JsonWriter json, IClient client)
    {
        if (client.Transport.Source is { } source)
        {
            json.WriteString("ipAddress"u8, source.Address.ToString());
        }
    }

    /// <summary>Who a client is. The port without TLS authenticates nobody; the user name stands in there, so that a test can have several principals.</summary>
    public static string? Principal(IClient client, ConnectPacket connect) => client.Transport.CertificateId ?? client.Transport.AccessKeyId ?? connect.UserName;

    private void Sweep(DateTimeOffset now)
    {
        if (_versions.Count < _sweepAt)
        {
            return;
        }

        foreach (string clientId in _versions.Where(one => one.Value.ForgottenAt <= now).Select(one => one.Key).ToArray())
        {
            _versions.Remove(clientId);
        }

        _sweepAt = Math.Max(SweptFrom, _versions.Count * 2);
    }
}
