using System.Text.Json;

namespace IotOps.Fleet;

/// <summary>
/// A thing as the fleet index has it: registry, shadows, connectivity, Device Defender. Shadow and Defender may be JSON, or JSON within a text, as
/// SearchIndex answers.
/// </summary>
public sealed class FleetThing
{
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 512 };

    // Without a field the index looks into the registry, the shadows and Device Defender.
    private static readonly string[] Searched = ["thingName", "thingId", "thingTypeName", "thingGroupNames", "attributes", "shadow", "deviceDefender"];

    private readonly Dictionary<string, JsonElement> _inner = new(StringComparer.Ordinal);

    private FleetThing(JsonElement json, string name)
    {
        Json = json;
        Name = name;
        foreach (string section in new[] { "shadow", "deviceDefender" })
        {
            if (json.TryGetProperty(section, out JsonElement text) && text.ValueKind == JsonValueKind.String)
            {
                _inner.Add(section, JsonElement.Parse(text.GetString()!, Deep));
            }
        }
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>All that was said of it.</summary>
    public JsonElement Json { get; }

    /// <summary>Reads a thing: an object with <c>thingName</c>.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static FleetThing Read(JsonElement thing)
    {
        if (thing.ValueKind != JsonValueKind.Object || !thing.TryGetProperty("thingName"u8, out JsonElement name) || name.ValueKind != JsonValueKind.String)
        {
            throw new FormatException("A thing is an object with a text thingName.");
        }

        try
        {
            return new FleetThing(thing.Clone(), name.GetString()!);
        }
        catch (JsonException e)
        {
            throw new FormatException($"The shadow or deviceDefender of {name} is a text that is no JSON: {e.Message}", e);
        }
    }

    /// <summary>Reads things: an array of them, or an object with an array <c>things</c>, as SearchIndex answers.</summary>
    /// <exception cref="FormatException">They are none; the message says which.</exception>
    public static IReadOnlyList<FleetThing> ReadAll(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        try
        {
            JsonElement root = JsonElement.Parse(json, Deep);
            JsonElement things = root.ValueKind == JsonValueKind.Object && root.TryGetProperty("things"u8, out JsonElement inner) ? inner : root;
            return things.ValueKind == JsonValueKind.Array
                ? [.. things.EnumerateArray().Select(Read)]
                : throw new FormatException("Things are an array, or an object with an array things.");
        }
        catch (JsonException e)
        {
            throw new FormatException($"The things are no JSON: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>All values that a field has: the elements of an array, else one; none when it is absent.</summary>
    internal List<JsonElement> ValuesOf(string field)
    {
        List<JsonElement> values = [];
        Find(Json, field, isRoot: true, values);
        return values;
    }

    /// <summary>All values that a term without a field is held against.</summary>
    internal List<JsonElement> SearchedValues()
    {
        List<JsonElement> values = [];
        foreach (string section in Searched)
        {
            if (Json.TryGetProperty(section, out JsonElement value))
            {
                Leaves(Inner(section, value, isRoot: true), values);
            }
        }

        return values;
    }

    // The name of an attribute may have dots: every way to split the rest is tried.
    private void Find(JsonElement at, string rest, bool isRoot, List<JsonElement> values)
    {
        if (at.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement element in at.EnumerateArray())
            {
                Find(element, rest, isRoot: false, values);
            }

            return;
        }

        if (at.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        if (at.TryGetProperty(rest, out JsonElement whole))
        {
            Add(Inner(rest, whole, isRoot), values);
        }

        for (int dot = rest.IndexOf('.', StringComparison.Ordinal); dot >= 0; dot = rest.IndexOf('.', dot + 1))
        {
            string name = rest[..dot];
            if (at.TryGetProperty(name, out JsonElement next))
            {
                Find(Inner(name, next, isRoot), rest[(dot + 1)..], isRoot: false, values);
            }
        }
    }

    private JsonElement Inner(string name, JsonElement value, bool isRoot) => isRoot && _inner.TryGetValue(name, out JsonElement inner) ? inner : value;

    private static void Add(JsonElement value, List<JsonElement> values)
    {
        if (value.ValueKind == JsonValueKind.Array)
        {
            values.AddRange(value.EnumerateArray());
        }
        else
        {
            values.Add(value);
        }
    }

    private static void Leaves(JsonElement at, List<JsonElement> values)
    {
        if (at.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty member in at.EnumerateObject())
            {
                Leaves(member.Value, values);
            }
        }
        else if (at.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement element in at.EnumerateArray())
            {
                Leaves(element, values);
            }
        }
        else
        {
            values.Add(at);
        }
    }
}
