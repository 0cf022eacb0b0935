using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace IotOps.Emulator.Http;

/// <summary>What a member of a request may be, with what is in it: for members that the emulator keeps and shows without going by them.</summary>
internal abstract class JsonShape
{
    /// <summary>Any text of so many characters, of these alone when a pattern is given.</summary>
    public static JsonShape Text(int min = 0, int max = int.MaxValue, string? pattern = null) => new TextShape(min, max, pattern);

    public static JsonShape Word(params string[] words) => new WordShape(words);

    public static JsonShape Number { get; } = new KindShape("a whole number", static value => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _));

    public static JsonShape Flag { get; } = new KindShape("a boolean", static value => value.ValueKind is JsonValueKind.True or JsonValueKind.False);

    public static JsonShape List(JsonShape item, int min = 0, int max = int.MaxValue) => new ListShape(item, min, max);

    public static JsonShape Map(int max = int.MaxValue) => new MapShape(max);

    /// <summary>An object of these members; the name of one that must be there ends with an exclamation mark.</summary>
    public static JsonShape Object(params (string Name, JsonShape Shape)[] members) => new ObjectShape(members);

    /// <summary>What is wrong with a value, with the place where it is; null when nothing is.</summary>
    public abstract string? Wrong(JsonElement value, string place);

    private sealed class KindShape(string name, Func<JsonElement, bool> isOf) : JsonShape
    {
        public override string? Wrong(JsonElement value, string place) => isOf(value) ? null : $"{place} must be {name}.";
    }

    private sealed class WordShape(string[] words) : JsonShape
    {
        public override string? Wrong(JsonElement value, string place) =>
            value.ValueKind == JsonValueKind.String && words.Any(value.ValueEquals) ? null : $"{place} must be one of {string.Join(", ", words)}.";
    }

    private sealed class TextShape(int min, int max, string? pattern) : JsonShape
    {
        private readonly Regex? _pattern = pattern is null ? null : new Regex($@"\A(?:{pattern})\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);

        public override string? Wrong(JsonElement value, string place)
        {
            if (value.ValueKind != JsonValueKind.String || Read(value) is not { } text)
            {
                return $"{place} must be a string.";
            }

            return text.Length < min || text.Length > max ? $"{place} has {text.Length} characters; {min} to {(max == int.MaxValue ? "any number" : max.ToString(CultureInfo.InvariantCulture))} are allowed."
                : _pattern?.IsMatch(text) == false ? $"{place} must match {pattern}."
                : null;
        }

        // Half of a surrogate pair can be written in JSON and is no text.
        private static string? Read(JsonElement value)
        {
            try
            {
                return value.GetString();
            }
            catch (InvalidOperationException)
            {
                return null;
            }
        }
    }

    private sealed class ListShape(JsonShape item, int min, int max) : JsonShape
    {
        public override string? Wrong(JsonElement value, string place)
        {
            if (value.ValueKind != JsonValueKind.Array)
            {
                return $"{place} must be a list.";
            }

            return value.GetArrayLength() is var count && (count < min || count > max)
                ? $"{place} has {count} items; {min} to {max} are allowed."
                : value.EnumerateArray().Select(one => item.Wrong(one, place)).FirstOrDefault(static wrong => wrong is not null);
        }
    }

    private sealed class MapShape(int max) : JsonShape
    {
        public override string? Wrong(JsonElement value, string place) =>
            value.ValueKind != JsonValueKind.Object ? $"{place} must be a map."
            : value.EnumerateObject().Count() > max ? $"{place} has more than {max} entries."
            : value.EnumerateObject().Any(static one => one.Value.ValueKind != JsonValueKind.String) ? $"{place} must be a map of strings."
            : null;
    }

    private sealed class ObjectShape((string Name, JsonShape Shape)[] members) : JsonShape
    {
        private readonly Dictionary<string, JsonShape> _members = members.ToDictionary(static one => one.Name.TrimEnd('!'), static one => one.Shape, StringComparer.Ordinal);
        private readonly string[] _required = [.. members.Where(static one => one.Name.EndsWith('!')).Select(static one => one.Name.TrimEnd('!'))];

        public override string? Wrong(JsonElement value, string place)
        {
            if (value.ValueKind != JsonValueKind.Object)
            {
                return $"{place} must be an object.";
            }

            foreach (JsonProperty member in value.EnumerateObject().Where(static one => one.Value.ValueKind != JsonValueKind.Null))
            {
                string? wrong = _members.TryGetValue(member.Name, out JsonShape? shape)
                    ? shape.Wrong(member.Value, $"{place}.{member.Name}")
                    : $"The emulator has no '{member.Name}' in {place}.";
                if (wrong is not null)
                {
                    return wrong;
                }
            }

            return _required.FirstOrDefault(name => !value.TryGetProperty(name, out JsonElement one) || one.ValueKind == JsonValueKind.Null) is { } missing
                ? $"{place}.{missing} must not be null."
                : null;
        }
    }
}
