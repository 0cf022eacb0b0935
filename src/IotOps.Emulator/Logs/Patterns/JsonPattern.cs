using System.Globalization;
using System.Text.Json;

namespace IotOps.Emulator.Logs.Patterns;

/// <summary>
/// Conditions about the members of JSON events. Text that is not JSON is not wanted, nor is an event without the member, but by
/// <c>NOT EXISTS</c>: what <c>!=</c> makes of a missing member the documentation leaves open.
/// </summary>
internal sealed class JsonPattern : FilterPattern
{
    private readonly Func<JsonElement, bool> _condition;
    private readonly Dictionary<string, object[]> _selectors;

    private JsonPattern(Func<JsonElement, bool> condition, Dictionary<string, object[]> selectors)
    {
        _condition = condition;
        _selectors = selectors;
    }

    public static JsonPattern Read(PatternReader reader)
    {
        reader.Take("{");
        var selectors = new Dictionary<string, object[]>(StringComparer.Ordinal);
        Func<JsonElement, bool> condition = PatternCondition.Read<JsonElement>(reader, one => ReadOne(one, selectors));
        reader.Take("}");
        reader.SkipSpace();
        return reader.IsAtEnd ? new JsonPattern(condition, selectors) : throw reader.Invalid("the end is expected");
    }

    public override bool Matches(ReadOnlySpan<byte> message) => TryParse(message, out JsonElement root) && _condition(root);

    public override IReadOnlyDictionary<string, string> Extract(ReadOnlySpan<byte> message)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string selector in _selectors.Keys)
        {
            if (Select(selector, message) is { } value)
            {
                values[selector] = value;
            }
        }

        return values;
    }

    public override bool Knows(string selector) => PathOf(selector) is not null;

    public override string? Select(string selector, ReadOnlySpan<byte> message) =>
        PathOf(selector) is { } path && TryParse(message, out JsonElement root) && Find(root, path) is { } found
            ? Text(found) ?? (found.ValueKind is JsonValueKind.True or JsonValueKind.False ? found.GetRawText() : null)
            : null;

    private object[]? PathOf(string selector)
    {
        if (_selectors.TryGetValue(selector, out object[]? known))
        {
            return known;
        }

        try
        {
            var reader = new PatternReader(selector);
            object[] path = ReadPath(reader);
            return reader.IsAtEnd ? path : null;
        }
        catch (Http.Refusal)
        {
            return null;
        }
    }

    private static bool TryParse(ReadOnlySpan<byte> message, out JsonElement root)
    {
        try
        {
            root = JsonElement.Parse(message);
            return true;
        }
        catch (JsonException)
        {
            root = default;
            return false;
        }
    }

    private static Func<JsonElement, bool> ReadOne(PatternReader reader, Dictionary<string, object[]> selectors)
    {
        reader.SkipSpace();
        int start = reader.At;
        object[] path = ReadPath(reader);
        selectors[reader.Since(start)] = path;
        if (reader.TryTake("IS"))
        {
            JsonValueKind kind = reader.TryTake("TRUE") ? JsonValueKind.True
                : reader.TryTake("FALSE") ? JsonValueKind.False
                : reader.TryTake("NULL") ? JsonValueKind.Null
                : throw reader.Invalid("TRUE, FALSE or NULL is expected");
            return root => Find(root, path)?.ValueKind == kind;
        }

        if (reader.TryTake("NOT"))
        {
            reader.Take("EXISTS");
            return root => Find(root, path) is null;
        }

        string comparison = PatternCondition.ReadComparison(reader);
        var value = PatternValue.Read(reader);
        value.Check(comparison, reader);
        return root => Text(Find(root, path)) is { } text && value.Compares(comparison, text);
    }

    // $.member, $.member[0].other, $.['member.with.dots']: names and indexes.
    private static object[] ReadPath(PatternReader reader)
    {
        reader.Take("$");
        List<object> path = [];
        while (reader.Next is '.' or '[')
        {
            if (reader.Next == '.')
            {
                reader.TryTake(".");
                if (reader.Next != '[')
                {
                    string name = reader.TakeWhile(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '@');
                    path.Add(name.Length > 0 ? name : throw reader.Invalid("a member is expected"));
                    continue;
                }
            }

            reader.Take("[");
            path.Add(reader.Next is '\'' or '"' ? reader.TakeQuoted(reader.Next)
                : int.TryParse(reader.TakeWhile(char.IsAsciiDigit), NumberStyles.None, CultureInfo.InvariantCulture, out int index) ? index
                : throw reader.Invalid("an index or a quoted member is expected"));
            reader.Take("]");
        }

        return path.Count > 0 ? [.. path] : throw reader.Invalid("a member is expected");
    }

    private static JsonElement? Find(JsonElement root, object[] path)
    {
        foreach (object step in path)
        {
            if (step is string name ? root.ValueKind == JsonValueKind.Object && root.TryGetProperty(name, out root) : root.ValueKind == JsonValueKind.Array && (int)step < root.GetArrayLength())
            {
                root = step is int index ? root[index] : root;
                continue;
            }

            return null;
        }

        return root;
    }

    private static string? Text(JsonElement? element) => element switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        { ValueKind: JsonValueKind.Number } number => number.GetRawText(),
        _ => null,
    };
}
