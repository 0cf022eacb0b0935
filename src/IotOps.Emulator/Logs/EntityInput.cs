using System.Text.Json;
using IotOps.Emulator.Http;

namespace IotOps.Emulator.Logs;

/// <summary>
/// Reads the entity of a PutLogEvents call. Out of bounds it refuses the call; one that does not identify anything is rejected by itself, and the events are taken.
/// </summary>
internal static class EntityInput
{
    private const int MaxValue = 512;

    private static readonly string[] Keys = ["Type", "ResourceType", "Identifier", "Name", "Environment"];

    private static readonly string[] Types = ["Service", "Resource", "RemoteService", "AWS::Service", "AWS::Resource"];

    /// <exception cref="Refusal">It is out of bounds, or of another type.</exception>
    public static LogEntity Read(JsonElement element)
    {
        var input = new JsonInput(element);
        input.RefuseAllBut("PutLogEvents", ["keyAttributes", "attributes"]);
        return new LogEntity
        {
            KeyAttributes = Map(input, "keyAttributes", least: 2, most: 4, maxKey: 32),
            Attributes = Map(input, "attributes", least: 0, most: 10, maxKey: 256),
        };
    }

    /// <summary>The reason why it is rejected; null when it is taken.</summary>
    public static string? Fault(LogEntity entity) =>
        entity.KeyAttributes.Count == 0 || !entity.KeyAttributes.TryGetValue("Type", out string? type) ? "MissingRequiredFields"
        : entity.KeyAttributes.Keys.Any(key => !Keys.Contains(key, StringComparer.Ordinal)) ? "InvalidKeyAttributes"
        : !Types.Contains(type, StringComparer.Ordinal) ? "InvalidTypeValue"
        : null;

    private static IReadOnlyDictionary<string, string> Map(JsonInput input, string name, int least, int most, int maxKey)
    {
        if (input.Map(name) is not { } map)
        {
            return LogTags.None;
        }

        string member = $"entity.{name}";
        if (map.Count < least || map.Count > most)
        {
            throw Constraint.Violated($"{map.Count} entries", member, $"Member must have length between {least} and {most}");
        }

        return map.All(pair => pair.Key.Length > 0 && pair.Key.Length <= maxKey && pair.Value.Length is > 0 and <= MaxValue)
            ? map
            : throw Constraint.Violated("a key or value", member, $"Map keys have 1 to {maxKey} characters, map values 1 to {MaxValue}");
    }
}
