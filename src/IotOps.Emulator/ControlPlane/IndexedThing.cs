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
    public JsonElement Now(JsonObject? connectivity)
    {
        if (connectivity is null || Json.ContainsKey("connectivity"))
        {
            return JsonSerializer.SerializeToElement(Json, JsonNodeContext.Default.JsonObject);
        }

        var with = (JsonObject)Json.DeepClone();
        with["connectivity"] = connectivity;
        return JsonSerializer.SerializeToElement(with, JsonNodeContext.Default.JsonObject);
    }
}
