using System.Globalization;
using System.Text.Json;

namespace IotOps.Emulator.Logs.Queries;

/// <summary>A row between two commands: what earlier commands named, and behind it the event with the fields that its JSON has.</summary>
internal sealed class QueryRow(QueryEvent? source)
{
    private const string TimeFormat = "yyyy-MM-dd HH:mm:ss.fff";

    private readonly Dictionary<string, string?> _own = new(StringComparer.Ordinal);
    private JsonElement? _json;
    private bool _isParsed;

    public QueryEvent? Source { get; } = source;

    public static string Time(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);

    /// <summary>A field's text; null when the row does not have it.</summary>
    public string? Find(string field) => _own.TryGetValue(field, out string? own) ? own : Source is null ? null : field switch
    {
        "@timestamp" => Time(Source.Timestamp),
        "@ingestionTime" => Time(Source.Ingestion),
        "@message" => Source.Message,
        "@logStream" => Source.Stream,
        "@log" => Source.Log,
        "@ptr" => Source.Pointer,
        _ => Json() is { } root ? Text(Find(root, field)) : null,
    };

    public void Set(string field, string? value) => _own[field] = value;

    private JsonElement? Json()
    {
        if (!_isParsed)
        {
            _isParsed = true;
            try
            {
                // Text in front of the JSON is allowed, as Lambda writes it.
                int start = Source!.Message.IndexOf('{', StringComparison.Ordinal);
                _json = start < 0 ? null : JsonElement.Parse(Source.Message.AsSpan(start));
            }
            catch (JsonException)
            {
                _json = null;
            }
        }

        return _json;
    }

    // a.b.0.c: members and indexes; a member may have dots itself.
    private static JsonElement? Find(JsonElement element, string path)
    {
        if (element.ValueKind == JsonValueKind.Object && element.TryGetProperty(path, out JsonElement whole))
        {
            return whole;
        }

        int dot = path.IndexOf('.', StringComparison.Ordinal);
        (string first, string? rest) = dot < 0 ? (path, null) : (path[..dot], path[(dot + 1)..]);
        JsonElement? inner = element.ValueKind switch
        {
            JsonValueKind.Object when element.TryGetProperty(first, out JsonElement member) => member,
            JsonValueKind.Array when int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out int index) && index < element.GetArrayLength() => element[index],
            _ => null,
        };
        return rest is null || inner is not { } found ? inner : Find(found, rest);
    }

    private static string? Text(JsonElement? element) => element switch
    {
        null => null,
        { ValueKind: JsonValueKind.Null } => null,
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        { ValueKind: JsonValueKind.True } => "1",
        { ValueKind: JsonValueKind.False } => "0",
        { } other => other.GetRawText(),
    };
}
