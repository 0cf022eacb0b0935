using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using IotOps.Emulator.Http;

namespace IotOps.Emulator.CloudTrail;

/// <summary>LookupEvents. See https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html.</summary>
internal sealed class LookupEvents(TrailStore store, TimeProvider timeProvider)
{
    private const int MaxResults = 50;
    private const int MaxValue = 2_000;
    private static readonly TimeSpan Kept = TimeSpan.FromDays(90);
    private static readonly string[] Keys = ["EventId", "EventName", "ReadOnly", "Username", "ResourceType", "ResourceName", "EventSource", "AccessKeyId"];
    private static readonly string[] InsightKeys = ["EventId", "EventName", "EventSource"];

    public static string[] Members { get; } = ["LookupAttributes", "StartTime", "EndTime", "EventCategory", "MaxResults", "NextToken"];

    public void Execute(JsonInput input, Utf8JsonWriter output)
    {
        long limit = input.Number("MaxResults") ?? MaxResults;
        if (limit is < 1 or > MaxResults)
        {
            throw new Refusal(400, "InvalidMaxResultsException", $"A MaxResults of {limit} is invalid. Specify a number from 1 to {MaxResults}.");
        }

        bool insights = input.Text("EventCategory") switch
        {
            null => false,
            "insight" => true,
            { } other => throw new Refusal(400, "InvalidEventCategoryException", $"'{other}' is no EventCategory; it is insight."),
        };
        (string Key, string Value)? attribute = Attribute(input, insights);
        DateTimeOffset? since = input.Time("StartTime"), until = input.Time("EndTime");
        if (since > until)
        {
            throw new Refusal(400, "InvalidTimeRangeException", "The StartTime is behind the EndTime.");
        }

        DateTimeOffset earliest = timeProvider.GetUtcNow() - Kept;
        string question = Question(attribute, since, until, insights);
        (DateTimeOffset Time, long Number)? after = input.Text("NextToken") is { } token ? Place(token, question) : null;

        StoredEvent[] found =
        [
            .. store.Events()
                .Where(one => one.Category == (insights ? "Insight" : "Management") && one.Time >= earliest && !(one.Time < since) && !(one.Time > until)
                    && (attribute is not { } asked || one.Has(asked.Key, asked.Value) == true)
                    && (after is not { } last || one.Time < last.Time || (one.Time == last.Time && one.Number < last.Number)))
                .OrderByDescending(one => one.Time).ThenByDescending(one => one.Number)
                .Take((int)limit + 1),
        ];
        output.WriteStartArray("Events"u8);
        foreach (StoredEvent one in found.Take((int)limit))
        {
            Write(output, one);
        }

        output.WriteEndArray();
        if (found.Length > limit)
        {
            output.WriteString("NextToken"u8, Token(found[limit - 1], question));
        }
    }

    private static (string Key, string Value)? Attribute(JsonInput input, bool insights)
    {
        IReadOnlyList<JsonInput> attributes = input.Objects("LookupAttributes");
        if (attributes.Count == 0)
        {
            return null;
        }

        string key = attributes[0].Text("AttributeKey") ?? "";
        string value = attributes[0].Text("AttributeValue") ?? "";
        string? wrong = attributes.Count > 1 ? "You can specify only one lookup attribute in the request."
            : !Keys.Contains(key, StringComparer.Ordinal) ? $"'{key}' is no AttributeKey; the keys are {string.Join(", ", Keys)}."
            : insights && !InsightKeys.Contains(key, StringComparer.Ordinal) ? $"Insights events cannot be looked up by {key}, but by {string.Join(", ", InsightKeys)}."
            : value.Length is < 1 or > MaxValue ? $"An AttributeValue has 1 to {MaxValue} characters, not {value.Length}."
            : null;
        return wrong is null ? (key, value) : throw new Refusal(400, "InvalidLookupAttributesException", wrong);
    }

    // A token goes with the same parameters only.
    private static string Question((string Key, string Value)? attribute, DateTimeOffset? since, DateTimeOffset? until, bool insights) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{attribute?.Key}\n{attribute?.Value}\n{since?.UtcTicks}\n{until?.UtcTicks}\n{insights}")))[..16];

    private static string Token(StoredEvent last, string question) =>
        Convert.ToBase64String(Encoding.UTF8.GetBytes($"{question}:{last.Time.UtcTicks}:{last.Number}"));

    private static (DateTimeOffset Time, long Number) Place(string token, string question)
    {
        byte[] bytes = new byte[token.Length];
        return Convert.TryFromBase64String(token, bytes, out int length)
            && Encoding.UTF8.GetString(bytes, 0, length).Split(':') is [var asked, var time, var number] && asked == question
            && long.TryParse(time, NumberStyles.None, CultureInfo.InvariantCulture, out long ticks) && ticks <= DateTimeOffset.MaxValue.UtcTicks
            && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out long place)
            ? (new DateTimeOffset(ticks, TimeSpan.Zero), place)
            : throw new Refusal(400, "InvalidNextTokenException", "The NextToken is none, or belongs to a request with other parameters.");
    }

    private static void Write(Utf8JsonWriter output, StoredEvent one)
    {
        output.WriteStartObject();
        output.WriteString("EventId"u8, one.Id);
        output.WriteString("EventName"u8, one.Name);
        WriteSome(output, "ReadOnly", one.ReadOnly);
        WriteSome(output, "AccessKeyId", one.AccessKeyId);
        output.WriteNumber("EventTime"u8, one.Time.ToUnixTimeMilliseconds() / 1_000.0);
        output.WriteString("EventSource"u8, one.Source);
        WriteSome(output, "Username", one.Username);
        output.WriteStartArray("Resources"u8);
        foreach ((string? type, string? name) in one.Resources)
        {
            output.WriteStartObject();
            WriteSome(output, "ResourceType", type);
            WriteSome(output, "ResourceName", name);
            output.WriteEndObject();
        }

        output.WriteEndArray();
        output.WriteString("CloudTrailEvent"u8, one.Json);
        output.WriteEndObject();
    }

    private static void WriteSome(Utf8JsonWriter output, string member, string? value)
    {
        if (value is not null)
        {
            output.WriteString(member, value);
        }
    }
}
