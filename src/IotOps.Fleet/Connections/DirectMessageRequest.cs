using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using IotOps.Aws;

namespace IotOps.Fleet.Connections;

/// <summary>A direct message as the request of SendDirectMessage.</summary>
internal static class DirectMessageRequest
{
    private const int MaxClientIdBytes = 128;
    private const int MaxPayloadBytes = 128 * 1024;
    private static readonly SearchValues<char> NotInTopics = SearchValues.Create("+#\0");
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(15);

    /// <exception cref="ArgumentException">The service would refuse it.</exception>
    public static AwsRequest Of(DirectMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (Wrong(message) is { } wrong)
        {
            throw new ArgumentException(wrong, nameof(message));
        }

        List<KeyValuePair<string, string>> query = [new("topic", message.Topic)];
        if (message.ConfirmWithin is { } wait)
        {
            query.Add(new("confirmation", "true"));
            query.Add(new("timeout", ((int)wait.TotalSeconds).ToString(CultureInfo.InvariantCulture)));
        }

        Add(query, "contentType", message.ContentType);
        Add(query, "responseTopic", message.ResponseTopic);
        List<KeyValuePair<string, string>> headers = [];
        if (!message.CorrelationData.IsEmpty)
        {
            headers.Add(new("x-amz-mqtt5-correlation-data", Convert.ToBase64String(message.CorrelationData.Span)));
        }

        if (message.UserProperties.Count > 0)
        {
            headers.Add(new("x-amz-mqtt5-user-properties", Convert.ToBase64String(Pairs(message.UserProperties))));
        }

        return new AwsRequest
        {
            Operation = "SendDirectMessage",
            Segments = ["connections", message.ClientId, "messages"],
            Query = query,
            Headers = headers,
            Body = message.Payload,

            // A time-out leaves open whether the device has it.
            IsRetried = false,
        };
    }

    private static string? Wrong(DirectMessage message) => message switch
    {
        _ when message.ClientId.Length == 0 || Encoding.UTF8.GetByteCount(message.ClientId) > MaxClientIdBytes || message.ClientId[0] == '$' =>
            $"'{message.ClientId}' is not a client id of AWS IoT: it has 1 to {MaxClientIdBytes} bytes and does not begin with '$'.",
        _ when message.Topic.Length == 0 || message.Topic.AsSpan().ContainsAny(NotInTopics) => $"'{message.Topic}' is not a topic to send to: it is empty or has a wildcard (+ #).",
        _ when message.Topic[0] == '$' => $"'{message.Topic}' is a topic of AWS IoT's own; a direct message goes to one that does not begin with '$'.",
        _ when message.ConfirmWithin is { } wait && (wait < TimeSpan.FromSeconds(1) || wait > LongestWait || wait.Ticks % TimeSpan.TicksPerSecond != 0) =>
            $"ConfirmWithin is {wait.TotalSeconds:0.###} s; it is a whole number of seconds from 1 to {LongestWait.TotalSeconds:0}.",
        _ when message.Payload.Length > MaxPayloadBytes => $"The payload has {message.Payload.Length} bytes; a message has {MaxPayloadBytes} at most.",
        _ => null,
    };

    private static void Add(List<KeyValuePair<string, string>> query, string name, string? value)
    {
        if (value is not null)
        {
            query.Add(new(name, value));
        }
    }

    private static byte[] Pairs(IReadOnlyList<KeyValuePair<string, string>> pairs)
    {
        var body = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartArray();
            foreach ((string name, string value) in pairs)
            {
                json.WriteStartObject();
                json.WriteString(name, value);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        return body.WrittenSpan.ToArray();
    }
}
