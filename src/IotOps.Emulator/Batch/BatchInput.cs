using System.Text.Json;
using IotOps.Emulator.Http;

namespace IotOps.Emulator.Batch;

/// <summary>Reads the members of a request's JSON object.</summary>
internal readonly struct BatchInput(JsonElement json)
{
    private static readonly JsonElement Nothing = JsonDocument.Parse("{}").RootElement;

    private readonly JsonElement _json = json.ValueKind == JsonValueKind.Object ? json : throw Invalid("An object is expected.");

    public static Refusal Invalid(string message) => new(400, "ClientException", message);

    public string? Text(string name) => Find(name) is not { } value
        ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString() : throw Invalid($"{name} must be a string.");

    public string Required(string name) => Text(name) is { Length: > 0 } value ? value : throw Invalid($"{name} must not be null or empty.");

    public int? Number(string name) => Find(name) is not { } value
        ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) ? number : throw Invalid($"{name} must be an integer.");

    public BatchInput Object(string name) => new(Find(name) ?? Nothing);

    /// <summary>An object that has no members but these.</summary>
    public BatchInput ObjectOf(string name, params string[] known)
    {
        BatchInput value = Object(name);
        value.RefuseAllBut(known);
        return value;
    }

    public IEnumerable<JsonElement> Array(string name) => Find(name) is not { } value
        ? []
        : value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : throw Invalid($"{name} must be a list.");

    public IReadOnlyList<string>? Texts(string name) => Find(name) is null
        ? null
        : [.. Array(name).Select(t => t.ValueKind == JsonValueKind.String ? t.GetString()! : throw Invalid($"{name} must be a list of strings."))];

    public IReadOnlyDictionary<string, string> Map(string name)
    {
        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (JsonProperty member in Object(name)._json.EnumerateObject())
        {
            map[member.Name] = member.Value.ValueKind == JsonValueKind.String ? member.Value.GetString()! : throw Invalid($"{name}.{member.Name} must be a string.");
        }

        return map;
    }

    /// <summary>What is not emulated must not be taken for done.</summary>
    public void RefuseAllBut(params string[] known)
    {
        foreach (JsonProperty member in _json.EnumerateObject())
        {
            if (!known.Contains(member.Name, StringComparer.Ordinal))
            {
                throw Invalid($"The emulator's Batch has no '{member.Name}'.");
            }
        }
    }

    /// <summary>Whether text can name a job, a queue or a definition: up to 128 letters, digits, hyphens and underscores, the first of them a letter or digit.</summary>
    public static bool IsName(string text) => text.Length is > 0 and <= 128 && char.IsAsciiLetterOrDigit(text[0]) && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    /// <summary>A number within bounds; null when there is none.</summary>
    public static int? Between(int? value, int low, int high, string name) =>
        value is null || (value >= low && value <= high)
            ? value
            : throw Invalid($"{name} is {value}; it must be at least {low}{(high == int.MaxValue ? "" : $" and at most {high}")}.");

    /// <summary>A boolean; null when there is none.</summary>
    public bool? Flag(string name) => Find(name) is not { } value
        ? null
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw Invalid($"{name} must be a boolean.");

    /// <summary>Tags: 50 at most, keys of 1 to 128 and values of up to 256 characters.</summary>
    public IReadOnlyDictionary<string, string> Tags()
    {
        IReadOnlyDictionary<string, string> tags = Map("tags");
        return (tags.Count > 0 || Find("tags") is null) && tags.Count <= 50 && tags.All(tag => tag.Key.Length is > 0 and <= 128 && tag.Value.Length <= 256 && !tag.Key.StartsWith("aws:", StringComparison.OrdinalIgnoreCase))
            ? tags
            : throw Invalid("tags are 1 to 50, with keys of 1 to 128 characters that do not begin with aws:, and values of at most 256.");
    }

    /// <summary>The whole object, for as long as the request's document lives.</summary>
    public JsonElement Json => _json;

    private JsonElement? Find(string name) =>
        _json.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;
}
