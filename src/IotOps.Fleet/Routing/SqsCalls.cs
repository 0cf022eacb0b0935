using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using IotOps.Aws;

namespace IotOps.Fleet.Routing;

/// <summary>The calls of SQS that a reader needs, in its JSON protocol.</summary>
internal sealed class SqsCalls(AwsClient client, string queueUrl)
{
    private const int MostMessages = 10;

    public async Task<IReadOnlyList<QueuedDelivery>> ReceiveAsync(int waitSeconds, TimeSpan visibility, CancellationToken cancellationToken)
    {
        AwsResponse response = await CallAsync(
            "ReceiveMessage",
            json =>
            {
                json.WriteNumber("MaxNumberOfMessages"u8, MostMessages);
                json.WriteNumber("WaitTimeSeconds"u8, waitSeconds);
                json.WriteNumber("VisibilityTimeout"u8, (int)visibility.TotalSeconds);
            },
            cancellationToken).ConfigureAwait(false);
        List<QueuedDelivery> deliveries = [];
        foreach (JsonElement message in Items(response, "Messages"u8))
        {
            deliveries.Add(new QueuedDelivery(
                message.GetProperty("MessageId"u8).GetString()!, message.GetProperty("ReceiptHandle"u8).GetString()!, Encoding.UTF8.GetBytes(message.GetProperty("Body"u8).GetString()!)));
        }

        return deliveries;
    }

    /// <summary>Deletes, and returns why some could not be.</summary>
    public async Task<IReadOnlyList<string>> DeleteAsync(IReadOnlyList<QueuedDelivery> deliveries, CancellationToken cancellationToken)
    {
        AwsResponse response = await CallAsync(
            "DeleteMessageBatch",
            json =>
            {
                json.WriteStartArray("Entries"u8);
                for (int i = 0; i < deliveries.Count; i++)
                {
                    json.WriteStartObject();
                    json.WriteString("Id"u8, i.ToString(CultureInfo.InvariantCulture));
                    json.WriteString("ReceiptHandle"u8, deliveries[i].Receipt);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
            },
            cancellationToken).ConfigureAwait(false);
        return [.. Items(response, "Failed"u8).Select(failed => failed.TryGetProperty("Code"u8, out JsonElement code) ? $"SQS says {code}." : "SQS does not say why.")];
    }

    public Task ProlongAsync(QueuedDelivery delivery, TimeSpan visibility, CancellationToken cancellationToken) => CallAsync(
        "ChangeMessageVisibility",
        json =>
        {
            json.WriteString("ReceiptHandle"u8, delivery.Receipt);
            json.WriteNumber("VisibilityTimeout"u8, (int)visibility.TotalSeconds);
        },
        cancellationToken);

    private static IEnumerable<JsonElement> Items(AwsResponse response, ReadOnlySpan<byte> name)
    {
        try
        {
            JsonElement answer = response.Body.IsEmpty ? default : JsonElement.Parse(response.Body.Span);
            return answer.ValueKind == JsonValueKind.Object && answer.TryGetProperty(name, out JsonElement items) && items.ValueKind == JsonValueKind.Array ? [.. items.EnumerateArray()] : [];
        }
        catch (JsonException e)
        {
            throw new AwsException("The answer of SQS is not JSON; is the endpoint one of SQS?", e) { Service = "sqs", Operation = "ReceiveMessage", Code = "UnreadableAnswer", StatusCode = HttpStatusCode.OK };
        }
    }

    private Task<AwsResponse> CallAsync(string operation, Action<Utf8JsonWriter> members, CancellationToken cancellationToken)
    {
        string target = $"AmazonSQS.{operation}";
        AwsRequest request = AwsRequest.Json11(target, json =>
        {
            json.WriteString("QueueUrl"u8, queueUrl);
            members(json);
        });
        return client.SendAsync(request with { Headers = [new("Content-Type", "application/x-amz-json-1.0"), new("X-Amz-Target", target)] }, cancellationToken);
    }
}
