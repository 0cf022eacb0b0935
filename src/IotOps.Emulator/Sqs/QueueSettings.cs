using System.Globalization;
using System.Text.Json;

namespace IotOps.Emulator.Sqs;

/// <summary>A queue's attributes. See https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html.</summary>
internal sealed record QueueSettings
{
    private static readonly Dictionary<string, (long Default, long Min, long Max)> Numbers = new(StringComparer.Ordinal)
    {
        ["DelaySeconds"] = (0, 0, 900),
        ["MaximumMessageSize"] = (1_048_576, 1_024, 1_048_576),
        ["MessageRetentionPeriod"] = (345_600, 60, 1_209_600),
        ["ReceiveMessageWaitTimeSeconds"] = (0, 0, 20),
        ["VisibilityTimeout"] = (30, 0, 43_200),
    };

    // Kept and given back; nothing here decides by them.
    private static readonly string[] Texts = ["Policy", "SqsManagedSseEnabled"];

    private Dictionary<string, string> Given { get; init; } = new(StringComparer.Ordinal);

    public TimeSpan Delay => Seconds("DelaySeconds");

    public int MaxMessageBytes => (int)Number("MaximumMessageSize");

    public TimeSpan Retention => Seconds("MessageRetentionPeriod");

    public TimeSpan Wait => Seconds("ReceiveMessageWaitTimeSeconds");

    public TimeSpan Visibility => Seconds("VisibilityTimeout");

    /// <summary>The queue that messages go to which were received too often; null for none.</summary>
    public string? DeadLetterArn { get; private init; }

    public int MaxReceives { get; private init; }

    /// <summary>All attributes that have a value.</summary>
    public IEnumerable<KeyValuePair<string, string>> All =>
        Numbers.Keys.Select(name => KeyValuePair.Create(name, Number(name).ToString(CultureInfo.InvariantCulture)))
            .Concat(Given.Where(one => !Numbers.ContainsKey(one.Key)));

    /// <exception cref="Http.Refusal">An attribute is not known, or its value is out of bounds.</exception>
    public QueueSettings With(IReadOnlyDictionary<string, string> attributes)
    {
        Dictionary<string, string> given = new(Given, StringComparer.Ordinal);
        (string? arn, int receives) = (DeadLetterArn, MaxReceives);
        foreach ((string name, string value) in attributes)
        {
            if (Numbers.TryGetValue(name, out (long Default, long Min, long Max) bounds))
            {
                if (!long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out long number) || number < bounds.Min || number > bounds.Max)
                {
                    throw SqsRefusal.AttributeValue(name, value);
                }
            }
            else if (name == "RedrivePolicy")
            {
                (arn, receives) = Redrive(value);
            }
            else if (!Texts.Contains(name, StringComparer.Ordinal))
            {
                throw SqsRefusal.Attribute(name);
            }

            given[name] = value;
        }

        return this with { Given = given, DeadLetterArn = arn, MaxReceives = receives };
    }

    /// <summary>The first attribute that differs from what is asked for; null when all are the same.</summary>
    public string? DifferenceTo(IReadOnlyDictionary<string, string> asked)
    {
        Dictionary<string, string> own = new(All, StringComparer.Ordinal);
        return asked.FirstOrDefault(one => own.GetValueOrDefault(one.Key) != one.Value).Key;
    }

    private TimeSpan Seconds(string name) => TimeSpan.FromSeconds(Number(name));

    private long Number(string name) => Given.TryGetValue(name, out string? text) ? long.Parse(text, CultureInfo.InvariantCulture) : Numbers[name].Default;

    private static (string? Arn, int Receives) Redrive(string value)
    {
        if (value.Length == 0)
        {
            return (null, 0);
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(value);
            string? arn = document.RootElement.GetProperty("deadLetterTargetArn").GetString();
            JsonElement count = document.RootElement.GetProperty("maxReceiveCount");
            int receives = count.ValueKind == JsonValueKind.String ? int.Parse(count.GetString()!, CultureInfo.InvariantCulture) : count.GetInt32();
            return arn is not null && receives is >= 1 and <= 1000 ? (arn, receives) : throw SqsRefusal.AttributeValue("RedrivePolicy", value);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or OverflowException)
        {
            throw SqsRefusal.AttributeValue("RedrivePolicy", value);
        }
    }
}
