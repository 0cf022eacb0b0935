using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using IotOps.Emulator.Http;
using IotOps.Emulator.Mqtt.Packets;
using IotOps.Emulator.Mqtt.Sessions;
using IotOps.Emulator.Mqtt.Topics;
using IotOps.Emulator.Rest;
using Microsoft.AspNetCore.Http;

namespace IotOps.Emulator.DataPlane;

/// <summary>Publish, GetRetainedMessage and ListRetainedMessages.</summary>
internal sealed class MessageCalls(Broker broker)
{
    private const string TopicsPrefix = "/topics/";
    private const string RetainedPath = "/retainedMessage";
    private const string RetainedPrefix = RetainedPath + "/";
    private const int MaxResults = 200;

    /// <summary>Begins to answer a call that is for messages.</summary>
    /// <returns>False when it is not, and nothing was done.</returns>
    public bool TryHandle(RestCall call, [NotNullWhen(true)] out Task? answer)
    {
        string path = call.Target.RawPath;
        answer = (path, HttpMethods.IsGet(call.Method)) switch
        {
            (RetainedPath, true) => ListAsync(call),
            (_, true) when path.StartsWith(RetainedPrefix, StringComparison.Ordinal) => GetAsync(call),
            (_, false) when path.StartsWith(TopicsPrefix, StringComparison.Ordinal) && HttpMethods.IsPost(call.Method) => PublishAsync(call),
            _ => null,
        };
        return answer is not null;
    }

    private async Task PublishAsync(RestCall call)
    {
        string topic = call.Rest(TopicsPrefix);
        call.RefuseAllBut("Publish", ["qos", "retain", "contentType", "responseTopic", "messageExpiry"], MessageMembers.Headers);
        Fault? fault = await call.TakeFaultAsync(new FaultRequest { Operation = "Publish", Topic = topic }).ConfigureAwait(false);
        if (fault is { DropBeforeAccepting: true })
        {
            return;
        }

        broker.ReceiveFromApi(MessageMembers.Read(call, topic, (int)call.Number("qos", 0, 0, 1), call.Flag("retain"), broker));
        await call.AnswerAsync(json => json.WriteString("message"u8, "OK"u8), fault).ConfigureAwait(false);
    }

    private async Task GetAsync(RestCall call)
    {
        string topic = call.Rest(RetainedPrefix);
        call.RefuseAllBut("GetRetainedMessage", []);
        if (!TopicFilter.IsName(topic))
        {
            throw RestCall.Invalid($"'{topic}' is no topic: it is empty or has wildcards.");
        }

        Fault? fault = await call.TakeFaultAsync(new FaultRequest { Operation = "GetRetainedMessage", Topic = topic }).ConfigureAwait(false);
        if (fault is { DropBeforeAccepting: true })
        {
            return;
        }

        RetainedMessage retained = broker.Retained(topic)
            ?? throw new Refusal(404, "ResourceNotFoundException", $"No retained message exists for topic: '{topic}'");
        await call.AnswerAsync(json => WriteMessage(json, retained), fault).ConfigureAwait(false);
    }

    private async Task ListAsync(RestCall call)
    {
        call.RefuseAllBut("ListRetainedMessages", ["maxResults", "nextToken"]);
        int max = (int)call.Number("maxResults", MaxResults, 1, MaxResults);
        string after = call.After();
        Fault? fault = await call.TakeFaultAsync(new FaultRequest { Operation = "ListRetainedMessages" }).ConfigureAwait(false);
        if (fault is { DropBeforeAccepting: true })
        {
            return;
        }

        IReadOnlyList<RetainedMessage> found = broker.RetainedAfter(after);
        await call.AnswerAsync(json =>
        {
            json.WriteStartArray("retainedTopics"u8);
            foreach (RetainedMessage retained in found.Take(max))
            {
                json.WriteStartObject();
                json.WriteString("topic"u8, retained.Message.Topic);
                json.WriteNumber("payloadSize"u8, retained.Message.Payload.Length);
                WriteStored(json, retained);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            if (found.Count > max)
            {
                json.WriteString("nextToken"u8, RestCall.TokenBehind(found[max - 1].Message.Topic));
            }
        }, fault).ConfigureAwait(false);
    }

    private static void WriteMessage(Utf8JsonWriter json, RetainedMessage retained)
    {
        json.WriteString("topic"u8, retained.Message.Topic);
        json.WriteBase64String("payload"u8, retained.Message.Payload.Span);
        WriteStored(json, retained);
        if (!retained.Message.Properties.Has(PropertyId.UserProperty))
        {
            json.WriteNull("userProperties"u8);
            return;
        }

        var properties = new System.Buffers.ArrayBufferWriter<byte>(64);
        using (var array = new Utf8JsonWriter(properties))
        {
            MessageMembers.WriteUserProperties(array, retained.Message.Properties);
        }

        json.WriteBase64String("userProperties"u8, properties.WrittenSpan);
    }

    private static void WriteStored(Utf8JsonWriter json, RetainedMessage retained)
    {
        json.WriteNumber("qos"u8, retained.Message.QoS);
        json.WriteNumber("lastModifiedTime"u8, retained.StoredAt.ToUnixTimeMilliseconds());
    }
}
