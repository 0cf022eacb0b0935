using System.Text.Json;
using IotOps.Fleet;

namespace IotOps.Samples.FleetConsole.Feeds;

/// <summary>Which segments a thing belongs to: one for each of its attributes that is asked for, and one for each of its groups.</summary>
/// <param name="Attributes">Names of attributes; values of an attribute are segments such as <c>site north</c>.</param>
/// <param name="Groups">Whether thing groups are segments too, such as <c>group canary</c>.</param>
internal sealed record SegmentRules(IReadOnlyList<string> Attributes, bool Groups = false)
{
    private const int Longest = 100;

    public static SegmentRules Default { get; } = new(["site", "firmware"]);

    public IReadOnlyList<string> Of(FleetThing thing)
    {
        List<string> names = [];
        if (thing.Json.TryGetProperty("attributes"u8, out JsonElement attributes) && attributes.ValueKind == JsonValueKind.Object)
        {
            names.AddRange(Attributes.Select(name => (Name: name, Value: Text(attributes, name))).Where(one => !string.IsNullOrWhiteSpace(one.Value)).Select(one => $"{one.Name} {one.Value}"));
        }

        if (Groups && thing.Json.TryGetProperty("thingGroupNames"u8, out JsonElement groups) && groups.ValueKind == JsonValueKind.Array)
        {
            names.AddRange(groups.EnumerateArray().Where(group => group.ValueKind == JsonValueKind.String).Select(group => $"group {group.GetString()}"));
        }

        return [.. names.Where(name => name.Length <= Longest)];
    }

    /// <summary>The same with the query of each, for who counts by queries.</summary>
    public IEnumerable<(string Name, FleetQuery Query)> Queries(FleetThing thing) =>
        Of(thing).Select(name => (Name: name, Parts: name.Split(' ', 2))).Where(one => IsPlain(one.Parts[1]))
            .Select(one => (one.Name, FleetQuery.Parse($"{(one.Parts[0] == "group" && Groups ? "thingGroupNames" : $"attributes.{one.Parts[0]}")}:\"{one.Parts[1]}\"")));

    // What the grammar of queries has no room for is no segment there.
    private static bool IsPlain(string value) => value.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.' or ' ');

    private static string? Text(JsonElement attributes, string name) =>
        attributes.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
