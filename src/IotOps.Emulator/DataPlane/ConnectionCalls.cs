using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text;
using IotOps.Emulator.Http;
using IotOps.Emulator.Mqtt.Sessions;
using IotOps.Emulator.Rest;

namespace IotOps.Emulator.DataPlane;

/// <summary>
/// SendDirectMessage, GetConnection and DeleteConnection.
/// See https://docs.aws.amazon.com/iot/latest/developerguide/direct-messaging.html.
/// </summary>
internal sealed class ConnectionCalls(Broker broker)
{
    private const string Prefix = "/connections/";
    private const string MessagesSuffix = "/messages";
    private const int MaxClientIdBytes = 128;
    private const int DefaultTimeout = 5;
    private const int MaxTimeout = 15;

    /// <summary>Begins to answer a call that is for a connection.</summary>
    /// <returns>False when it is not, and nothing was done.</returns>
    public bool TryHandle(RestCall call, [NotNullWhen(true)] out Task? answer)
    {
        string path = call.Target.RawPath;

        // Slashes of a client id come coded.
        bool isMessage = path.StartsWith(Prefix, StringComparison.Ordinal) && path.EndsWith(MessagesSuffix, StringComparison.Ordinal) && path.Length > Prefix.Length + MessagesSuffix.Length;
        bool isConnection = path.StartsWith(Prefix, StringComparison.Ordinal) && path.Length > Prefix.Length && path.IndexOf('/', Prefix.Length) < 0;
        answer = call.Method switch
        {
            "POST" when isMessage => SendAsync(call, ClientId(call.Rest(Prefix, MessagesSuffix))),
            "GET" when isConnection => GetAsync(call, ClientId(call.Rest(Prefix))),
            "DELETE" when isConnection => DeleteAsync(call, ClientId(call.Rest(Prefix))),
            _ => null,
        };
        return answer is not null;
    }

    private async Task SendAsync(RestCall call, string clientId)
    {
        call.RefuseAllBut("SendDirectMessage", ["topic", "confirmation", "timeout", "contentType", "responseTopic"], MessageMembers.Headers);
        string topic = call.Query.Find("topic") is { Length: > 0 } given ? given : throw RestCall.Invalid("The topic is missing.");
        if (topic.StartsWith('$'))
        {
            throw RestCall.Invalid($"The topic '{topic}' is AWS's own.");
        }

        bool isConfirmed = call.Flag("confirmation");
        var timeout = TimeSpan.FromSeconds(isConfirmed ? call.Number("timeout", DefaultTimeout, 1, MaxTimeout) : DefaultTimeout);
        BrokerMessage message = MessageMembers.Read(call, topic, isConfirmed ? 1 : 0, retain: false, broker);
        Fault? fault = await call.TakeFaultAsync(new FaultRequest { Operation = "SendDirectMessage", ClientId = clientId, Topic = topic }).ConfigureAwait(false);
        if (fault is { DropBeforeAccepting: true })
        {
            return;
        }

        DirectOutcome outcome = await WaitAsync(broker.SendDirectAsync(clientId, message), timeout, call).ConfigureAwait(false);
        if (!outcome.IsDelivered)
        {
            throw outcome == DirectOutcome.NotConnected ? NotConnected(clientId)
                : outcome == DirectOutcome.WindowIsFull ? new Refusal(429, "ThrottlingException", outcome.Why)
                : new Refusal(504, "GatewayTimeoutException", outcome.Why);
        }

        await call.AnswerAsync(json =>
        {
            json.WriteString("message"u8, "OK"u8);
            json.WriteString("traceId"u8, call.Context.Response.Headers["x-amzn-RequestId"]);
        }, fault).ConfigureAwait(false);
    }

    private async Task<DirectOutcome> WaitAsync(Task<DirectOutcome> sent, TimeSpan timeout, RestCall call)
    {
        try
        {
            return await sent.WaitAsync(timeout, broker.TimeProvider, call.Context.RequestAborted).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return new DirectOutcome(IsDelivered: false, $"The client did not acknowledge the message within {timeout.TotalSeconds} seconds.");
        }
    }

    private async Task GetAsync(RestCall call, string clientId)
    {
        call.RefuseAllBut("GetConnection", ["includeSocketInformation"]);
        bool withSocket = call.Flag("includeSocketInformation");
        Fault? fault = await call.TakeFaultAsync(new FaultRequest { Operation = "GetConnection", ClientId = clientId }).ConfigureAwait(false);
        if (fault is { DropBeforeAccepting: true })
        {
            return;
        }

        ConnectionState state = broker.Connection(clientId) ?? throw NotConnected(clientId);
        await call.AnswerAsync(json => Write(json, state, withSocket), fault).ConfigureAwait(false);
    }

    private async Task DeleteAsync(RestCall call, string clientId)
    {
        call.RefuseAllBut("DeleteConnection", ["cleanSession", "preventWillMessage"]);
        bool cleanSession = call.Flag("cleanSession");
        bool preventWill = call.Flag("preventWillMessage");
        Fault? fault = await call.TakeFaultAsync(new FaultRequest { Operation = "DeleteConnection", ClientId = clientId }).ConfigureAwait(false);
        if (fault is { DropBeforeAccepting: true })
        {
            return;
        }

        if (!broker.DeleteConnection(clientId, cleanSession, preventWill))
        {
            throw NotConnected(clientId);
        }

        await call.AnswerAsync(ReadOnlyMemory<byte>.Empty, fault).ConfigureAwait(false);
    }

    private static void Write(Utf8JsonWriter json, ConnectionState state, bool withSocket)
    {
        json.WriteBoolean("connected"u8, state.EndReason is null);
        json.WriteString("clientId"u8, state.ClientId);
        if (state.ThingName is { } thing)
        {
            json.WriteString("thingName"u8, thing);
        }

        json.WriteBoolean("cleanSession"u8, state.IsCleanSession);
        json.WriteNumber("keepAliveDuration"u8, state.KeepAliveSeconds);
        json.WriteNumber("sessionExpiry"u8, (long)state.SessionExpiry.TotalSeconds);
        json.WriteNumber(state.EndReason is null ? "connectedSince"u8 : "disconnectedSince"u8, state.Since.ToUnixTimeMilliseconds());
        if (state.EndReason is { } reason)
        {
            json.WriteString("disconnectReason"u8, reason);
        }

        if (withSocket && state is { Source: { } source, Target: { } target })
        {
            json.WriteString("sourceIp"u8, source.Address.ToString());
            json.WriteNumber("sourcePort"u8, source.Port);
            json.WriteString("targetIp"u8, target.Address.ToString());
            json.WriteNumber("targetPort"u8, target.Port);
        }
    }

    private static string ClientId(string clientId) =>
        clientId.StartsWith('$') || Encoding.UTF8.GetByteCount(clientId) > MaxClientIdBytes
            ? throw RestCall.Invalid($"'{clientId}' is no client id: 1 to {MaxClientIdBytes} bytes, the first of them no dollar sign.")
            : clientId;

    private static Refusal NotConnected(string clientId) => new(404, "ResourceNotFoundException", $"No client with the id '{clientId}' is connected.");
}
