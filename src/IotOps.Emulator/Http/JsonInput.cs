using System.Text.Json;
using System.Text.Unicode;

namespace IotOps.Emulator.Http;

/// <summary>The members of a request, read with the types of the service's model: what has another type is the service's error.</summary>
internal readonly struct JsonInput
{
    private const double MaxSeconds = 60_000_000_000;

    private readonly JsonElement _root;

    /// <exception cref="Refusal">It is no object.</exception>
    public JsonInput(JsonElement root) => _root = root.ValueKind == JsonValueKind.Object ? root : throw Unreadable($"The body must be an object, not a {root.ValueKind}.");

    /// <summary>Reads a body.</summary>
    /// <exception cref="Refusal">It is no JSON.</exception>
    public static JsonDocument Parse(ReadOnlyMemory<byte> json)
    {
        if (!Utf8.IsValid(json.Span))
        {
            throw Unreadable("The body is no UTF-8.");
        }

        try
        {
            return JsonDocument.Parse(json);
        }
        catch (JsonException e)
        {
            throw Unreadable($"The body cannot be read: {e.Message}");
        }
    }

    public static Refusal Unreadable(string message) => new(400, "SerializationException", message);

    public string? Text(string member) => Find(member, JsonValueKind.String) is { } value ? TextOf(value, member) : null;

    public long? Number(string member) => Find(member, JsonValueKind.Number) is not { } value ? null
        : value.TryGetInt64(out long number) ? number
        : throw Unreadable($"{member} must be a whole number of 64 bits, not {value.GetRawText()}.");

    /// <summary>A number with or without a fraction; null when absent.</summary>
    public double? Real(string member) => Find(member, JsonValueKind.Number) is not { } value ? null
        : value.TryGetDouble(out double number) && double.IsFinite(number) ? number
        : throw Unreadable($"{member} must be a number, not {value.GetRawText()}.");

    /// <summary>A time in seconds since 1970, as the services' SDKs write it; null when absent.</summary>
    public DateTimeOffset? Time(string member) => Find(member, JsonValueKind.Number) is not { } value ? null
        : value.TryGetDouble(out double seconds) && Math.Abs(seconds) < MaxSeconds ? DateTimeOffset.UnixEpoch.AddSeconds(seconds)
        : throw Unreadable($"{member} must be a time in seconds since 1970, not {value.GetRawText()}.");

    /// <summary>An object; null when absent.</summary>
    public JsonElement? Object(string member) => Find(member, JsonValueKind.Object);

    /// <summary>Whether a member is there, and not null.</summary>
    public bool Has(string member) => _root.TryGetProperty(member, out JsonElement value) && value.ValueKind != JsonValueKind.Null;

    /// <summary>A list of objects; empty when absent.</summary>
    public IReadOnlyList<JsonInput> Objects(string member) =>
        Find(member, JsonValueKind.Array) is { } values ? [.. values.EnumerateArray().Select(value => new JsonInput(value))] : [];

    /// <summary>A boolean; null when absent.</summary>
    public bool? Choice(string member) =>
        _root.TryGetProperty(member, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? Flag(member) : null;

    public bool Flag(string member)
    {
        if (!_root.TryGetProperty(member, out JsonElement value) || value.ValueKind is JsonValueKind.Null or JsonValueKind.False)
        {
            return false;
        }

        return value.ValueKind == JsonValueKind.True ? true : throw Unreadable($"{member} must be a boolean, not a {value.ValueKind}.");
    }

    /// <summary>A list of texts; null when absent.</summary>
    public IReadOnlyList<string>? Texts(string member) =>
        Find(member, JsonValueKind.Array) is { } values
            ? [.. values.EnumerateArray().Select(v => v.ValueKind == JsonValueKind.String ? TextOf(v, member) : throw Unreadable($"{member} must be a list of strings."))]
            : null;

    /// <summary>Texts by their names; null when absent.</summary>
    public IReadOnlyDictionary<string, string>? Map(string member)
    {
        if (Find(member, JsonValueKind.Object) is not { } values)
        {
            return null;
        }

        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (JsonProperty value in values.EnumerateObject())
        {
            map[NameOf(value, member)] = value.Value.ValueKind == JsonValueKind.String
                ? TextOf(value.Value, member)
                : throw Unreadable($"{member} must be a map of strings.");
        }

        return map;
    }

    /// <summary>Sees to it that a request brings nothing but this: what is not emulated must not be taken for done.</summary>
    /// <exception cref="Refusal">501, with the name of what is not.</exception>
    public void RefuseAllBut(string operation, ReadOnlySpan<string> known)
    {
        foreach (JsonProperty member in _root.EnumerateObject())
        {
            string name = NameOf(member, "the request");
            if (!known.Contains(name) && member.Value.ValueKind is not (JsonValueKind.Null or JsonValueKind.False))
            {
                throw Refusal.NotImplemented($"The emulator's {operation} has no '{name}'.");
            }
        }
    }

    private static string NameOf(JsonProperty property, string member)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            throw Unreadable($"A name in {member} is no valid text.");
        }
    }

    private static string TextOf(JsonElement value, string member)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair, escaped: JSON can write it, no text can hold it.
            throw Unreadable($"{member} is no valid text.");
        }
    }

    private JsonElement? Find(string member, JsonValueKind kind)
    {
        if (!_root.TryGetProperty(member, out JsonElement value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        return value.ValueKind == kind ? value : throw Unreadable($"{member} must be a {kind}, not a {value.ValueKind}.");
    }
}
