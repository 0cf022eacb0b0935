using System.Text.Json;
using IotOps.Fleet;

namespace IotOps.Samples.FleetConsole.Pages.Queries;

/// <summary>What a row says of a thing of the index.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsConnected">Null when the index does not have connectivity.</param>
/// <param name="Type">Its type; null for none.</param>
/// <param name="Groups">Its groups, with commas.</param>
public sealed record IndexedThing(string Name, bool? IsConnected, string? Type, string Groups)
{
    public static IndexedThing Of(FleetThing thing)
    {
        JsonElement json = thing.Json;
        bool? isConnected = json.TryGetProperty("connectivity", out JsonElement connectivity) && connectivity.ValueKind == JsonValueKind.Object && connectivity.TryGetProperty("connected", out JsonElement connected)
            ? connected.ValueKind switch { JsonValueKind.True => true, JsonValueKind.False => false, _ => null }
            : null;
        string? type = json.TryGetProperty("thingTypeName", out JsonElement name) && name.ValueKind == JsonValueKind.String ? name.GetString() : null;
        string groups = json.TryGetProperty("thingGroupNames", out JsonElement all) && all.ValueKind == JsonValueKind.Array
            ? string.Join(", ", all.EnumerateArray().Select(group => group.ToString()))
            : "";
        return new IndexedThing(thing.Name, isConnected, type, groups);
    }
}
