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

    private JsonPattern(Func<JsonElement, bool> condition) => _condition = condition;

    public static JsonPattern Read(PatternReader reader)
    {
        reader.Take("{");
        Func<JsonElement, bool> condition = PatternCondition.Read<JsonElement>(reader, ReadOne);
        reader.Take("}");
        reader.SkipSpace();
        return reader.IsAtEnd ? new JsonPattern(condition) : throw reader.Invalid("the end is expected");
    }

    public override bool Matches(ReadOnlySpan<byte> message)
    {
        try
        {
            return _condition(JsonElement.Parse(message));
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static Func<JsonElement, bool> ReadOne(PatternReader reader)
    {
        object[] path = ReadPath(reader);
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
