using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using IotOps.Emulator.Http;

namespace IotOps.Emulator.Sqs;

/// <summary>Operations on messages. See https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_Operations.html.</summary>
internal static partial class QueueMessageCalls
{
    private const int MaxEntries = 10;

    private static readonly string[] ReceivedAttributes =
    [
        "All", "SenderId", "SentTimestamp", "ApproximateReceiveCount", "ApproximateFirstReceiveTimestamp", "SequenceNumber", "MessageDeduplicationId", "MessageGroupId", "AWSTraceHeader",
        "DeadLetterQueueSourceArn",
    ];

    public static void Send(JsonInput input, SqsRequest request, Utf8JsonWriter output)
    {
        MessageQueue queue = request.Queue(input);
        string? body = input.Text("MessageBody");
        MessageBody.Check(body, queue.Settings.MaxMessageBytes);
        WriteSent(queue.Send(body!, Delay(input)), output);
    }

    public static void SendBatch(JsonInput input, SqsRequest request, Utf8JsonWriter output)
    {
        MessageQueue queue = request.Queue(input);
        IReadOnlyList<JsonInput> entries = Entries(input);
        int limit = queue.Settings.MaxMessageBytes;
        if (entries.Sum(entry => System.Text.Encoding.UTF8.GetByteCount(entry.Text("MessageBody") ?? "")) > limit)
        {
            throw SqsRefusal.Batch("BatchRequestTooLong", $"Batch requests cannot be longer than {limit} bytes.");
        }

        WriteEach(entries, output, entry =>
        {
            string? body = entry.Text("MessageBody");
            MessageBody.Check(body, limit);
            TimeSpan? delay = Delay(entry);
            return json => WriteSent(queue.Send(body!, delay), json);
        });
    }

    public static async Task<Action<Utf8JsonWriter>> ReceiveAsync(JsonInput input, SqsRequest request, CancellationToken cancellationToken)
    {
        MessageQueue queue = request.Queue(input);
        int limit = (int)Within(input, "MaxNumberOfMessages", 1, 10, 1);
        TimeSpan wait = input.Number("WaitTimeSeconds") is null ? queue.Settings.Wait : TimeSpan.FromSeconds(Within(input, "WaitTimeSeconds", 0, 20, 0));
        TimeSpan? visibility = input.Number("VisibilityTimeout") is null ? null : TimeSpan.FromSeconds(Within(input, "VisibilityTimeout", 0, 43_200, 0));
        string[] attributes = [.. input.Texts("MessageSystemAttributeNames") ?? [], .. input.Texts("AttributeNames") ?? []];
        if (attributes.FirstOrDefault(name => !ReceivedAttributes.Contains(name, StringComparer.Ordinal)) is { } unknown)
        {
            throw SqsRefusal.Attribute(unknown);
        }

        // Messages have no attributes of their own here, so asking for them finds none.
        input.Texts("MessageAttributeNames");
        IReadOnlyList<MessageQueue.Received> messages = await queue.ReceiveAsync(limit, visibility, wait, cancellationToken).ConfigureAwait(false);
        return output => WriteReceived(messages, attributes, request.Store.AccountId, output);
    }

    public static void Delete(JsonInput input, SqsRequest request, Utf8JsonWriter output) => request.Queue(input).Delete(Receipt(input));

    public static void DeleteBatch(JsonInput input, SqsRequest request, Utf8JsonWriter output)
    {
        MessageQueue queue = request.Queue(input);
        WriteEach(Entries(input), output, entry =>
        {
            queue.Delete(Receipt(entry));
            return _ => { };
        });
    }

    public static void ChangeVisibility(JsonInput input, SqsRequest request, Utf8JsonWriter output) => Hide(request.Queue(input), input);

    public static void ChangeVisibilityBatch(JsonInput input, SqsRequest request, Utf8JsonWriter output)
    {
        MessageQueue queue = request.Queue(input);
        WriteEach(Entries(input), output, entry =>
        {
            Hide(queue, entry);
            return _ => { };
        });
    }

    private static void Hide(MessageQueue queue, JsonInput input)
    {
        if (input.Number("VisibilityTimeout") is null)
        {
            throw SqsRefusal.Missing("VisibilityTimeout");
        }

        if (!queue.TryHide(Receipt(input), TimeSpan.FromSeconds(Within(input, "VisibilityTimeout", 0, 43_200, 0))))
        {
            throw SqsRefusal.NotInFlight();
        }
    }

    private static ReceiptHandle Receipt(JsonInput input)
    {
        string text = input.Text("ReceiptHandle") ?? throw SqsRefusal.Missing("ReceiptHandle");
        return ReceiptHandle.Read(text) ?? throw SqsRefusal.Receipt(text);
    }

    private static TimeSpan? Delay(JsonInput input) =>
        input.Number("DelaySeconds") is null ? null : TimeSpan.FromSeconds(Within(input, "DelaySeconds", 0, 900, 0));

    private static long Within(JsonInput input, string member, long min, long max, long whenAbsent)
    {
        long value = input.Number(member) ?? whenAbsent;
        return value >= min && value <= max
            ? value
            : throw SqsRefusal.Parameter($"Value {value} for parameter {member} is invalid. Reason: Must be >= {min} and <= {max}, if provided.");
    }

    private static IReadOnlyList<JsonInput> Entries(JsonInput input)
    {
        IReadOnlyList<JsonInput> entries = input.Objects("Entries");
        if (entries.Count == 0)
        {
            throw SqsRefusal.Batch("EmptyBatchRequest", "There should be at least one entry in the request.");
        }

        if (entries.Count > MaxEntries)
        {
            throw SqsRefusal.Batch("TooManyEntriesInBatchRequest", $"Maximum number of entries per request are 10. You have sent {entries.Count}.");
        }

        string[] ids = [.. entries.Select(entry => entry.Text("Id") ?? throw SqsRefusal.Missing("Id"))];
        if (Array.Find(ids, id => !EntryId().IsMatch(id)) is not null)
        {
            throw SqsRefusal.Batch("InvalidBatchEntryId", "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.");
        }

        return ids.Distinct(StringComparer.Ordinal).Count() == ids.Length
            ? entries
            : throw SqsRefusal.Batch("BatchEntryIdsNotDistinct", "Two or more batch entries in the request have the same Id.");
    }

    // An entry that is refused costs itself.
    private static void WriteEach(IReadOnlyList<JsonInput> entries, Utf8JsonWriter output, Func<JsonInput, Action<Utf8JsonWriter>> execute)
    {
        List<(string Id, Refusal Refusal)> failed = [];
        output.WriteStartArray("Successful"u8);
        foreach (JsonInput entry in entries)
        {
            string id = entry.Text("Id")!;
            try
            {
                Action<Utf8JsonWriter> result = execute(entry);
                output.WriteStartObject();
                output.WriteString("Id"u8, id);
                result(output);
                output.WriteEndObject();
            }
            catch (Refusal refusal)
            {
                failed.Add((id, refusal));
            }
        }

        output.WriteEndArray();
        output.WriteStartArray("Failed"u8);
        foreach ((string id, Refusal refusal) in failed)
        {
            output.WriteStartObject();
            output.WriteString("Id"u8, id);
            output.WriteString("Code"u8, refusal.Code[(refusal.Code.IndexOf('#') + 1)..]);
            output.WriteString("Message"u8, refusal.Message);
            output.WriteBoolean("SenderFault"u8, true);
            output.WriteEndObject();
        }

        output.WriteEndArray();
    }

    private static void WriteSent(QueueMessage message, Utf8JsonWriter output)
    {
        output.WriteString("MessageId"u8, message.Id);
        output.WriteString("MD5OfMessageBody"u8, MessageBody.Md5(message.Body));
    }

    private static void WriteReceived(IReadOnlyList<MessageQueue.Received> messages, string[] attributes, string accountId, Utf8JsonWriter output)
    {
        if (messages.Count == 0)
        {
            return;
        }

        output.WriteStartArray("Messages"u8);
        foreach (MessageQueue.Received message in messages)
        {
            output.WriteStartObject();
            output.WriteString("MessageId"u8, message.Id);
            output.WriteString("ReceiptHandle"u8, message.Receipt);
            output.WriteString("MD5OfBody"u8, MessageBody.Md5(message.Body));
            output.WriteString("Body"u8, message.Body);
            WriteAttributes(message, attributes, accountId, output);
            output.WriteEndObject();
        }

        output.WriteEndArray();
    }

    private static void WriteAttributes(MessageQueue.Received message, string[] asked, string accountId, Utf8JsonWriter output)
    {
        KeyValuePair<string, string>[] known =
        [
            new("SenderId", accountId),
            new("SentTimestamp", message.SentAt.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture)),
            new("ApproximateReceiveCount", message.Receives.ToString(CultureInfo.InvariantCulture)),
            new("ApproximateFirstReceiveTimestamp", message.FirstReceivedAt.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture)),
        ];
        KeyValuePair<string, string>[] wanted = [.. known.Where(one => asked.Contains("All", StringComparer.Ordinal) || asked.Contains(one.Key, StringComparer.Ordinal))];
        if (wanted.Length == 0)
        {
            return;
        }

        output.WriteStartObject("Attributes"u8);
        foreach ((string name, string value) in wanted)
        {
            output.WriteString(name, value);
        }

        output.WriteEndObject();
    }

    [GeneratedRegex(@"^[A-Za-z0-9_\-]{1,80}\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex EntryId();
}
