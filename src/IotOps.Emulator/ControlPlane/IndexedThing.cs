using System.Text.Json;
using System.Text.Json.Nodes;

namespace IotOps.Emulator.ControlPlane;

/// <summary>A thing of the fleet index.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Json">All that SearchIndex answers of it.</param>
internal sealed record IndexedThing(string Name, JsonObject Json)
{
    private static readonly string[] Members = ["thingName", "thingId", "thingTypeName", "thingGroupNames", "attributes", "shadow", "deviceDefender", "connectivity"];

    // The service has these two as JSON within a text.
    private static readonly string[] Texts = ["shadow", "deviceDefender"];

    public IEnumerable<string> Groups => Json["thingGroupNames"] is JsonArray groups ? groups.Select(name => (string)name!) : [];

    /// <summary>Changes of the registry; the index does not say it.</summary>
    public long Version { get; init; } = 1;

    public string Id => (string)Json["thingId"]!;

    public IReadOnlyDictionary<string, string> Attributes => Json["attributes"] is JsonObject attributes
        ? attributes.ToDictionary(one => one.Key, one => one.Value?.ToString() ?? "", StringComparer.Ordinal)
        : new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>A thing of the registry.</summary>
    public static IndexedThing Create(string name, IReadOnlyDictionary<string, string> attributes)
    {
        var json = new JsonObject { ["thingName"] = name, ["thingId"] = Guid.NewGuid().ToString() };
        if (attributes.Count > 0)
        {
            json["attributes"] = new JsonObject(attributes.Select(one => KeyValuePair.Create(one.Key, (JsonNode?)one.Value)));
        }

        return new IndexedThing(name, json);
    }

    /// <summary>The same thing in other static groups.</summary>
    public IndexedThing In(IEnumerable<string> groups)
    {
        var json = (JsonObject)Json.DeepClone();
        string[] names = [.. groups.Order(StringComparer.Ordinal)];
        json.Remove("thingGroupNames");
        if (names.Length > 0)
        {
            json["thingGroupNames"] = new JsonArray([.. names.Select(name => (JsonNode?)name)]);
        }

        return this with { Json = json };
    }

    /// <exception cref="FormatException">It is no thing.</exception>
    public static IndexedThing Read(string json)
    {
        try
        {
            JsonObject thing = JsonNode.Parse(json) as JsonObject ?? throw new FormatException("A thing is an object.");
            foreach ((string name, _) in thing)
            {
                if (!Members.Contains(name, StringComparer.Ordinal))
                {
                    throw new FormatException($"A thing of the fleet index has no '{name}', but {string.Join(", ", Members)}.");
                }
            }

            string? thingName = (string?)thing["thingName"];
            if (!IotName.IsValid(thingName))
            {
                throw new FormatException($"'{thingName}' is no thingName: {IotName.Rule}.");
            }

            foreach (string name in Texts)
            {
                if (thing[name] is JsonObject inner)
                {
                    thing[name] = inner.ToJsonString();
                }
            }

            thing["thingId"] ??= Guid.NewGuid().ToString();
            var read = new IndexedThing(thingName, thing);
            return read.Groups.All(IotName.IsValid) ? read : throw new FormatException($"thingGroupNames are names: {IotName.Rule}.");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            throw new FormatException($"The thing cannot be read: {e.Message}", e);
        }
    }

    /// <summary>The thing as it is in the index now.</summary>
    /// <param name="connectivity">What the broker knows of it; null when nothing.</param>
    /// <param name="notIndexed">Members that the index does not take in.</param>
    public JsonElement Now(JsonObject? connectivity, IReadOnlyCollection<string> notIndexed)
    {
        bool isAdded = connectivity is not null && !Json.ContainsKey("connectivity") && !notIndexed.Contains("connectivity", StringComparer.Ordinal);
        if (!isAdded && !notIndexed.Any(Json.ContainsKey))
        {
            return JsonSerializer.SerializeToElement(Json, JsonNodeContext.Default.JsonObject);
        }

        var now = (JsonObject)Json.DeepClone();
        if (isAdded)
        {
            now["connectivity"] = connectivity;
        }

        foreach (string member in notIndexed)
        {
            now.Remove(member);
        }

        return JsonSerializer.SerializeToElement(now, JsonNodeContext.Default.JsonObject);
    }
}
