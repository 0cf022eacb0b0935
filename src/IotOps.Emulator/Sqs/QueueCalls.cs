using System.Globalization;
using System.Text.Json;
using IotOps.Emulator.Http;

namespace IotOps.Emulator.Sqs;

/// <summary>Operations on queues. See https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_Operations.html.</summary>
internal static class QueueCalls
{
    private const int MaxListed = 1_000;

    public static void Create(JsonInput input, SqsRequest request, Utf8JsonWriter output)
    {
        string name = input.Text("QueueName") ?? throw SqsRefusal.Missing("QueueName");
        MessageQueue queue = request.Store.Create(request.Region, name, input.Map("Attributes") ?? new Dictionary<string, string>(StringComparer.Ordinal));
        output.WriteString("QueueUrl"u8, request.UrlOf(queue));
    }

    public static void Delete(JsonInput input, SqsRequest request, Utf8JsonWriter output) => request.Store.Remove(request.Region, request.Queue(input));

    public static void GetUrl(JsonInput input, SqsRequest request, Utf8JsonWriter output)
    {
        string name = input.Text("QueueName") ?? throw SqsRefusal.Missing("QueueName");
        bool isOurs = input.Text("QueueOwnerAWSAccountId") is not { } owner || owner == request.Store.AccountId;
        MessageQueue queue = (isOurs ? request.Store.Find(request.Region, name) : null) ?? throw SqsRefusal.NoQueue();
        output.WriteString("QueueUrl"u8, request.UrlOf(queue));
    }

    public static void List(JsonInput input, SqsRequest request, Utf8JsonWriter output)
    {
        long? asked = input.Number("MaxResults");
        if (asked is < 1 or > MaxListed)
        {
            throw SqsRefusal.Parameter($"Value {asked} for parameter MaxResults is invalid. Reason: MaxResults must be an integer between 1 and 1000.");
        }

        string after = input.Text("NextToken") ?? "";
        List<MessageQueue> rest = [.. request.Store.List(request.Region, input.Text("QueueNamePrefix") ?? "").Where(queue => string.CompareOrdinal(queue.Name, after) > 0)];
        List<MessageQueue> page = [.. rest.Take((int)(asked ?? MaxListed))];
        output.WriteStartArray("QueueUrls"u8);
        foreach (MessageQueue queue in page)
        {
            output.WriteStringValue(request.UrlOf(queue));
        }

        output.WriteEndArray();

        // "A next token is only returned when MaxResults is set."
        if (asked is not null && page.Count < rest.Count)
        {
            output.WriteString("NextToken"u8, page[^1].Name);
        }
    }

    public static void GetAttributes(JsonInput input, SqsRequest request, Utf8JsonWriter output)
    {
        MessageQueue queue = request.Queue(input);
        IReadOnlyList<string> names = input.Texts("AttributeNames") ?? [];
        Dictionary<string, string> all = All(queue);
        output.WriteStartObject("Attributes"u8);
        foreach ((string name, string value) in all.Where(one => names.Contains("All", StringComparer.Ordinal) || names.Contains(one.Key, StringComparer.Ordinal)))
        {
            output.WriteString(name, value);
        }

        output.WriteEndObject();
        if (names.FirstOrDefault(name => name != "All" && !all.ContainsKey(name) && !QueueAttributes.IsKnown(name)) is { } unknown)
        {
            throw SqsRefusal.Attribute(unknown);
        }
    }

    public static void SetAttributes(JsonInput input, SqsRequest request, Utf8JsonWriter output)
    {
        MessageQueue queue = request.Queue(input);
        queue.Settings = queue.Settings.With(input.Map("Attributes") ?? throw SqsRefusal.Missing("Attributes"));
    }

    public static void Purge(JsonInput input, SqsRequest request, Utf8JsonWriter output) => request.Queue(input).Purge();

    private static Dictionary<string, string> All(MessageQueue queue)
    {
        (int visible, int inFlight, int delayed) = queue.Count();
        return new Dictionary<string, string>(queue.Settings.All, StringComparer.Ordinal)
        {
            ["QueueArn"] = queue.Arn,
            ["CreatedTimestamp"] = queue.CreatedAt.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
            ["LastModifiedTimestamp"] = queue.CreatedAt.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
            ["ApproximateNumberOfMessages"] = visible.ToString(CultureInfo.InvariantCulture),
            ["ApproximateNumberOfMessagesNotVisible"] = inFlight.ToString(CultureInfo.InvariantCulture),
            ["ApproximateNumberOfMessagesDelayed"] = delayed.ToString(CultureInfo.InvariantCulture),
        };
    }
}
