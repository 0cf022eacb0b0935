using System.Globalization;
using System.Text.Json;

namespace IotOps.Emulator.CloudTrail;

/// <summary>An event and what LookupEvents answers of it besides.</summary>
internal sealed record StoredEvent
{
    /// <summary>The record as it came.</summary>
    public required string Json { get; init; }

    /// <summary>The place among all that came; later events have a higher one.</summary>
    public required long Number { get; init; }

    public required string Id { get; init; }

    public required string Name { get; init; }

    public required string Source { get; init; }

    public required DateTimeOffset Time { get; init; }

    /// <summary>true or false, as a text.</summary>
    public required string? ReadOnly { get; init; }

    public required string? AccessKeyId { get; init; }

    public required string? Username { get; init; }

    /// <summary>Management, Insight, or what is never found.</summary>
    public required string Category { get; init; }

    public required IReadOnlyList<(string? Type, string? Name)> Resources { get; init; }

    /// <exception cref="FormatException">It is no record.</exception>
    public static StoredEvent Read(string json, long number)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            JsonElement root = document.RootElement;
            JsonElement user = Member(root, "userIdentity");
            return new StoredEvent
            {
                Json = json,
                Number = number,
                Id = Required(root, "eventID"),
                Name = Required(root, "eventName"),
                Source = Required(root, "eventSource"),
                Time = DateTimeOffset.Parse(Required(root, "eventTime"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal),
                ReadOnly = Member(root, "readOnly").ValueKind switch { JsonValueKind.True => "true", JsonValueKind.False => "false", _ => null },
                AccessKeyId = Text(user, "accessKeyId"),
                Username = UserOf(user),

                // Records before 1.07 do not say it.
                Category = Text(root, "eventCategory") ?? "Management",
                Resources = Member(root, "resources") is { ValueKind: JsonValueKind.Array } resources
                    ? [.. resources.EnumerateArray().Select(one => (Text(one, "type"), Text(one, "ARN")))]
                    : [],
            };
        }
        catch (JsonException e)
        {
            throw new FormatException($"The event cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Whether a lookup attribute has a value here; null when there is no such attribute.</summary>
    public bool? Has(string key, string value) => key switch
    {
        "EventId" => Id == value,
        "EventName" => Name == value,
        "EventSource" => Source == value,
        "ReadOnly" => ReadOnly == value,
        "Username" => Username == value,
        "AccessKeyId" => AccessKeyId == value,
        "ResourceType" => Resources.Any(one => one.Type == value),
        "ResourceName" => Resources.Any(one => one.Name == value),
        _ => null,
    };

    // A user's name, the name of a role's session, root.
    private static string? UserOf(JsonElement user) =>
        Text(user, "userName") is { } name ? name
        : Text(user, "type") == "Root" ? "root"
        : Text(user, "arn") is { } arn ? arn[(arn.LastIndexOf('/') + 1)..]
        : null;

    private static string Required(JsonElement root, string member) =>
        Text(root, member) is { Length: > 0 } text ? text : throw new FormatException($"An event is an object with a text {member}.");

    private static string? Text(JsonElement json, string member) => Member(json, member) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static JsonElement Member(JsonElement json, string member) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(member, out JsonElement value) ? value : default;
}
