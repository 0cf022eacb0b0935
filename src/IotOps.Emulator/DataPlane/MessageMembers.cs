using System.Text.Json;
using IotOps.Emulator.Mqtt.Packets;
using IotOps.Emulator.Mqtt.Rules;
using IotOps.Emulator.Mqtt.Sessions;
using IotOps.Emulator.Mqtt.Topics;
using IotOps.Emulator.Rest;

namespace IotOps.Emulator.DataPlane;

/// <summary>The message that a Publish or SendDirectMessage call describes: its topic, its payload and what MQTT 5 has besides.</summary>
internal static class MessageMembers
{
    public const string UserProperties = "x-amz-mqtt5-user-properties";

    private const string PayloadFormat = "x-amz-mqtt5-payload-format-indicator";
    private const string CorrelationData = "x-amz-mqtt5-correlation-data";

    public static string[] Headers { get; } = [UserProperties, PayloadFormat, CorrelationData];

    /// <summary>Reads a message, which is then as a client might have published it.</summary>
    /// <exception cref="Http.Refusal">400: a member is out of its range, or the broker would not take such a message.</exception>
    public static BrokerMessage Read(RestCall call, string topic, int qos, bool retain, Broker broker)
    {
        var properties = new List<Property>();
        if (call.Query.Find("contentType") is { } contentType)
        {
            properties.Add(new Property(PropertyId.ContentType, Text: contentType));
        }

        if (call.Query.Find("responseTopic") is { } responseTopic)
        {
            properties.Add(TopicFilter.IsName(responseTopic)
                ? new Property(PropertyId.ResponseTopic, Text: responseTopic)
                : throw RestCall.Invalid($"The responseTopic '{responseTopic}' is empty or has wildcards."));
        }

        if (call.Query.Has("messageExpiry"))
        {
            properties.Add(new Property(PropertyId.MessageExpiry, (uint)call.Number("messageExpiry", 0, 0, uint.MaxValue)));
        }

        AddHeaders(call, properties);
        var packet = new PublishPacket(topic, call.Payload) { QoS = (byte)qos, Retain = retain, Properties = new PropertyBag(properties) };
        try
        {
            PublishRules.Check(topic, packet.Payload.Length, packet.Properties, broker.Options.Limits);
            PublishRules.CheckFormat(packet);
        }
        catch (ProtocolViolation violation)
        {
            throw RestCall.Invalid(violation.Message);
        }

        return BrokerMessage.From(packet, topic, broker.TimeProvider);
    }

    /// <summary>User properties as the API has them: an array of objects.</summary>
    public static void WriteUserProperties(Utf8JsonWriter json, PropertyBag properties)
    {
        json.WriteStartArray();
        foreach (Property property in properties.All.Where(p => p.Id == PropertyId.UserProperty))
        {
            json.WriteStartObject();
            json.WriteString(property.Text, property.Value);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void AddHeaders(RestCall call, List<Property> properties)
    {
        switch (Header(call, PayloadFormat))
        {
            case null:
                break;
            case "UNSPECIFIED_BYTES" or "UTF8_DATA":
                properties.Add(new Property(PropertyId.PayloadFormat, Header(call, PayloadFormat) == "UTF8_DATA" ? 1u : 0u));
                break;
            case { } other:
                throw RestCall.Invalid($"{PayloadFormat} is UNSPECIFIED_BYTES or UTF8_DATA, not '{other}'.");
        }

        if (Header(call, CorrelationData) is { } correlation)
        {
            properties.Add(new Property(PropertyId.CorrelationData, Data: Decode(CorrelationData, correlation)));
        }

        if (Header(call, UserProperties) is { } pairs)
        {
            properties.AddRange(ReadPairs(Decode(UserProperties, pairs)));
        }
    }

    private static List<Property> ReadPairs(byte[] json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var properties = new List<Property>();
            foreach (JsonElement item in document.RootElement.ValueKind == JsonValueKind.Array ? document.RootElement.EnumerateArray() : throw NoPairs())
            {
                foreach (JsonProperty pair in item.ValueKind == JsonValueKind.Object ? item.EnumerateObject() : throw NoPairs())
                {
                    properties.Add(pair.Value.ValueKind == JsonValueKind.String
                        ? new Property(PropertyId.UserProperty, Text: pair.Name, Value: pair.Value.GetString()!)
                        : throw NoPairs());
                }
            }

            return properties;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw NoPairs();
        }
    }

    private static byte[] Decode(string header, string value)
    {
        byte[] decoded = new byte[value.Length];
        return Convert.TryFromBase64String(value, decoded, out int length)
            ? decoded[..length]
            : throw RestCall.Invalid($"{header} is not base64.");
    }

    private static string? Header(RestCall call, string name) => call.Context.Request.Headers[name].ToString() is { Length: > 0 } value ? value : null;

    private static Http.Refusal NoPairs() => RestCall.Invalid($"""{UserProperties} is the base64 of an array of objects of texts, such as [{"{"}"device": "alpha"{"}"}].""");
}
