using System.Text;

namespace IotOps.Emulator.Logs.Patterns;

/// <summary>
/// Conditions about the fields of text, which spaces part; what is in brackets or double quotes is one field. <c>...</c> stands for any
/// number of fields; without it the numbers are the same.
/// </summary>
internal sealed class FieldPattern : FilterPattern
{
    private readonly List<(string Name, Func<string, bool> IsWanted)> _before;
    private readonly List<(string Name, Func<string, bool> IsWanted)>? _behind;

    private FieldPattern(List<(string Name, Func<string, bool> IsWanted)> before, List<(string Name, Func<string, bool> IsWanted)>? behind)
    {
        _before = before;
        _behind = behind;
    }

    public static FieldPattern Read(PatternReader reader)
    {
        List<(string Name, Func<string, bool> IsWanted)> before = [];
        List<(string Name, Func<string, bool> IsWanted)>? behind = null;
        reader.Take("[");
        do
        {
            if (reader.TryTake("..."))
            {
                behind = behind is null ? [] : throw reader.Invalid("a second ... stands here");
                continue;
            }

            (behind ?? before).Add(ReadField(reader));
        }
        while (reader.TryTake(","));
        reader.Take("]");
        reader.SkipSpace();
        return reader.IsAtEnd ? new FieldPattern(before, behind) : throw reader.Invalid("the end is expected");
    }

    public override bool Matches(ReadOnlySpan<byte> message)
    {
        List<string> fields = Split(Encoding.UTF8.GetString(message));
        return (_behind is null ? fields.Count == _before.Count : fields.Count >= _before.Count + _behind.Count)
            && Pairs(fields).All(static pair => pair.Field.IsWanted(pair.Text));
    }

    public override IReadOnlyDictionary<string, string> Extract(ReadOnlySpan<byte> message)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (((string name, _), string text) in Pairs(Split(Encoding.UTF8.GetString(message))))
        {
            values["$" + name] = text;
        }

        return values;
    }

    public override bool Knows(string selector) => _before.Concat(_behind ?? []).Any(field => "$" + field.Name == selector);

    public override string? Select(string selector, ReadOnlySpan<byte> message) => Extract(message).GetValueOrDefault(selector);

    private IEnumerable<((string Name, Func<string, bool> IsWanted) Field, string Text)> Pairs(List<string> fields) =>
        _before.Zip(fields).Concat(_behind is null ? [] : _behind.Zip(fields.Skip(fields.Count - _behind.Count)));

    // A name alone wants any field; every condition of a field begins with its name.
    private static (string Name, Func<string, bool> IsWanted) ReadField(PatternReader reader)
    {
        string? name = null;
        Func<string, bool> isWanted = PatternCondition.Read<string>(reader, one =>
        {
            one.SkipSpace();
            string here = one.TakeWhile(static c => char.IsAsciiLetterOrDigit(c) || c == '_');
            name ??= here.Length > 0 ? here : throw one.Invalid("the name of a field is expected");
            if (here != name)
            {
                throw one.Invalid($"the field is called '{name}', not '{here}'");
            }

            if (PatternCondition.TryReadComparison(one) is not { } comparison)
            {
                return static _ => true;
            }

            var value = PatternValue.Read(one);
            value.Check(comparison, one);
            return text => value.Compares(comparison, text);
        });
        return (name!, isWanted);
    }

    private static List<string> Split(string message)
    {
        List<string> fields = [];
        for (int at = 0; at < message.Length;)
        {
            if (message[at] is ' ' or '\t' or '\r' or '\n')
            {
                at++;
                continue;
            }

            char end = message[at] switch { '[' => ']', '"' => '"', _ => ' ' };
            int start = end == ' ' ? at : at + 1;
            int stop = end == ' ' ? message.AsSpan(start).IndexOfAny(" \t\r\n") : message.AsSpan(start).IndexOf(end);
            stop = stop < 0 ? message.Length : start + stop;
            fields.Add(message[start..stop]);
            at = stop + 1;
        }

        return fields;
    }
}
