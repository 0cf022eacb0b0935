using System.Text.Json;

namespace IotOps.Emulator.ControlPlane;

/// <summary>What the fleet index takes in: everything, until somebody says otherwise. Thread-safe.</summary>
internal sealed class IndexingStore
{
    private volatile Settings _settings = new(
        JsonElement.Parse("""{"thingIndexingMode":"REGISTRY_AND_SHADOW","thingConnectivityIndexingMode":"STATUS","deviceDefenderIndexingMode":"VIOLATIONS","namedShadowIndexingMode":"ON"}"""),
        JsonElement.Parse("""{"thingGroupIndexingMode":"OFF"}"""));

    public JsonElement Things => _settings.Things;

    public JsonElement Groups => _settings.Groups;

    public bool IsOff => Mode("thingIndexingMode") == "OFF";

    /// <summary>Members of things that are not indexed.</summary>
    public IReadOnlyCollection<string> NotIndexed
    {
        get
        {
            var members = new List<string>(3);
            Add(members, "shadow", Mode("thingIndexingMode") == "REGISTRY_AND_SHADOW" || Mode("namedShadowIndexingMode") == "ON");
            Add(members, "connectivity", Mode("thingConnectivityIndexingMode") == "STATUS");
            Add(members, "deviceDefender", Mode("deviceDefenderIndexingMode") == "VIOLATIONS");
            return members;
        }
    }

    /// <summary>Replaces a part of the settings; null leaves it.</summary>
    public void Set(JsonElement? things, JsonElement? groups) =>
        _settings = new Settings(things?.Clone() ?? _settings.Things, groups?.Clone() ?? _settings.Groups);

    private string? Mode(string member) => _settings.Things.TryGetProperty(member, out JsonElement mode) ? mode.GetString() : null;

    private static void Add(List<string> members, string member, bool isIndexed)
    {
        if (!isIndexed)
        {
            members.Add(member);
        }
    }

    private sealed record Settings(JsonElement Things, JsonElement Groups);
}
