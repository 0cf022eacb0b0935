using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Amazon.DynamoDBv2.Model;

namespace IotOps.Detect.Storing;

/// <summary>
/// The items of the table. The key <c>pk</c> is <c>thing#NAME</c>, <c>alarm#ID</c> or <c>document#NAME</c>. The index <c>shard-at</c> has the items
/// with <c>shard</c> and <c>at</c> (milliseconds since 1970): of a thing when it is due, of an alarm until
/// when it is claimed. Sixteen shards of each keep a large fleet below the 1,000 writes a second that one partition of an index takes.
/// </summary>
internal static class DynamoItem
{
    public const string Index = "shard-at";

    private const int Shards = 16;
    private const string Thing = "thing#", AlarmPrefix = "alarm#", DocumentPrefix = "document#";

    public static IReadOnlyList<string> DueShards { get; } = [.. Enumerable.Range(0, Shards).Select(i => string.Create(CultureInfo.InvariantCulture, $"due#{i}"))];

    public static IReadOnlyList<string> AlarmShards { get; } = [.. Enumerable.Range(0, Shards).Select(i => string.Create(CultureInfo.InvariantCulture, $"alarms#{i}"))];

    public static string ThingKey(string thing) => Thing + thing;

    public static string AlarmKey(string id) => AlarmPrefix + id;

    public static string DocumentKey(string name) => DocumentPrefix + name;

    public static bool IsThing(Dictionary<string, AttributeValue> item) => item["pk"].S.StartsWith(Thing, StringComparison.Ordinal);

    public static string ThingOf(Dictionary<string, AttributeValue> item) => item["pk"].S[Thing.Length..];

    public static long At(Dictionary<string, AttributeValue> item) => Long(item["at"]);

    public static DetectRecord Record(Dictionary<string, AttributeValue> item) => new(ThingOf(item), Long(item["version"]), Bytes(item["state"]));

    public static StoredAlarm Alarm(Dictionary<string, AttributeValue> item) =>
        new(item["pk"].S[AlarmPrefix.Length..], DateTimeOffset.FromUnixTimeMilliseconds(Long(item["time"])), Bytes(item["json"]));

    public static DetectDocument Document(string name, Dictionary<string, AttributeValue> item) => new(name, Long(item["version"]), Bytes(item["content"]));

    public static Put Put(string table, DetectChange change)
    {
        Put put = Versioned(table, ThingKey(change.Thing), change.Version);
        put.Item["state"] = Binary(change.State);
        if (change.DueAt is { } due)
        {
            put.Item["shard"] = new AttributeValue(DueShards[Shard(change.Thing)]);
            put.Item["at"] = Number(due.ToUnixTimeMilliseconds());
        }

        return put;
    }

    public static Put Put(string table, DetectDocument document)
    {
        Put put = Versioned(table, DocumentKey(document.Name), document.Version);
        put.Item["content"] = Binary(document.Content);
        return put;
    }

    public static Put Put(string table, StoredAlarm alarm) => new()
    {
        TableName = table,
        Item = new(StringComparer.Ordinal)
        {
            ["pk"] = new AttributeValue(AlarmKey(alarm.Id)),
            ["time"] = Number(alarm.Time.ToUnixTimeMilliseconds()),
            ["json"] = Binary(alarm.Json),
            ["shard"] = new AttributeValue(AlarmShards[Shard(alarm.Id)]),

            // Seconds where milliseconds are meant: a time in January 1970, so that anybody may claim it, and in the order of the alarms.
            ["at"] = Number(alarm.Time.ToUnixTimeSeconds()),
        },
    };

    public static AttributeValue Number(long value) => new() { N = value.ToString(CultureInfo.InvariantCulture) };

    private static Put Versioned(string table, string key, long version)
    {
        var put = new Put
        {
            TableName = table,
            Item = new(StringComparer.Ordinal) { ["pk"] = new AttributeValue(key), ["version"] = Number(version + 1) },
            ConditionExpression = version == 0 ? "attribute_not_exists(pk)" : "version = :version",
        };
        if (version != 0)
        {
            put.ExpressionAttributeValues = new(StringComparer.Ordinal) { [":version"] = Number(version) };
        }

        return put;
    }

    // The same on every machine and in every process, unlike string.GetHashCode.
    private static int Shard(string name) => SHA256.HashData(Encoding.UTF8.GetBytes(name))[0] % Shards;

    // DynamoDB takes an empty binary attribute that is not a key, but some of its emulations do not: a first byte stands before the content.
    private static AttributeValue Binary(ReadOnlyMemory<byte> bytes) => new() { B = new MemoryStream([1, .. bytes.Span], writable: false) };

    private static ReadOnlyMemory<byte> Bytes(AttributeValue value) => value.B.ToArray().AsMemory(1);

    private static long Long(AttributeValue value) => long.Parse(value.N, CultureInfo.InvariantCulture);
}
