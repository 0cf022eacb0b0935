using System.Text.Json;

namespace IotOps.Fleet.Tests.Patterns;

/// <summary>
/// Exact values, <c>exists</c> and <c>$or</c> over flattened events, every combination tried: slow, and short enough to be right. Paths are
/// taken in their order; a member counts as absent when no value of it agrees with the elements chosen so far.
/// </summary>
internal static class PatternOracle
{
    public static bool Matches(string pattern, string json)
    {
        List<Leaf> leaves = [];
        int arrays = 0;
        Flatten(JsonElement.Parse(json), "", [], leaves, ref arrays);
        return Alternatives(JsonElement.Parse(pattern), "", [new(StringComparer.Ordinal)])
            .Any(alternative => From([.. alternative], 0, leaves, []));
    }

    private static List<SortedDictionary<string, JsonElement>> Alternatives(JsonElement at, string path, List<SortedDictionary<string, JsonElement>> before)
    {
        foreach (JsonProperty member in at.EnumerateObject())
        {
            string name = path.Length == 0 ? member.Name : $"{path}.{member.Name}";
            if (member.Name == "$or")
            {
                before = [.. member.Value.EnumerateArray().SelectMany(branch => Alternatives(branch, path, [.. before.Select(one => new SortedDictionary<string, JsonElement>(one, StringComparer.Ordinal))]))];
            }
            else if (member.Value.ValueKind == JsonValueKind.Object)
            {
                before = Alternatives(member.Value, name, before);
            }
            else
            {
                before.ForEach(one => one[name] = member.Value);
            }
        }

        return before;
    }

    private static bool From(KeyValuePair<string, JsonElement>[] asked, int at, List<Leaf> leaves, Dictionary<int, int> chosen)
    {
        if (at == asked.Length)
        {
            return true;
        }

        bool isPresent = false;
        foreach (Leaf leaf in leaves.Where(leaf => leaf.Path == asked[at].Key && leaf.Elements.All(e => !chosen.TryGetValue(e.Key, out int index) || index == e.Value)))
        {
            isPresent = true;
            if (asked[at].Value.EnumerateArray().Any(term => IsTaken(term, leaf.Value))
                && From(asked, at + 1, leaves, chosen.Concat(leaf.Elements).DistinctBy(e => e.Key).ToDictionary()))
            {
                return true;
            }
        }

        return !isPresent
            && asked[at].Value.EnumerateArray().Any(term => term.ValueKind == JsonValueKind.Object && !term.GetProperty("exists").GetBoolean())
            && From(asked, at + 1, leaves, chosen);
    }

    private static bool IsTaken(JsonElement term, JsonElement value) =>
        term.ValueKind == JsonValueKind.Object ? term.GetProperty("exists").GetBoolean() : JsonElement.DeepEquals(term, value);

    private static void Flatten(JsonElement at, string path, Dictionary<int, int> elements, List<Leaf> leaves, ref int arrays)
    {
        if (at.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty member in at.EnumerateObject())
            {
                Flatten(member.Value, path.Length == 0 ? member.Name : $"{path}.{member.Name}", elements, leaves, ref arrays);
            }
        }
        else if (at.ValueKind == JsonValueKind.Array)
        {
            int array = arrays++, index = 0;
            foreach (JsonElement element in at.EnumerateArray())
            {
                bool isLeaf = element.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array);
                Flatten(element, path, isLeaf ? elements : new Dictionary<int, int>(elements) { [array] = index }, leaves, ref arrays);
                index++;
            }
        }
        else
        {
            leaves.Add(new Leaf(path, at, elements));
        }
    }

    private sealed record Leaf(string Path, JsonElement Value, Dictionary<int, int> Elements);
}
