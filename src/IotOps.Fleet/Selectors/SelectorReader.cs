using System.Text.Json;

namespace IotOps.Fleet.Selectors;

/// <summary>Reads selectors from JSON, strictly: a member that CloudTrail does not know would be refused by it.</summary>
internal sealed class SelectorReader
{
    private readonly List<EventSelectorProblem> _problems = [];

    public IReadOnlyList<EventSelectorProblem> Problems => _problems;

    public IReadOnlyList<EventSelector> Read(string json)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(json);
        }
        catch (JsonException e)
        {
            _problems.Add(new EventSelectorProblem(null, null, TypographicQuotes.Explain(json) ?? $"not JSON: {e.Message}"));
            return [];
        }

        using (document)
        {
            try
            {
                return ReadRoot(document.RootElement);
            }
            catch (InvalidOperationException)
            {
                // The one thing that System.Text.Json finds out only when a text is asked for.
                Report(null, null, "not JSON: a text has half of a surrogate pair, or is no UTF-8");
                return [];
            }
        }
    }

    private List<EventSelector> ReadRoot(JsonElement root)
    {
        JsonElement list = root;
        if (root.ValueKind == JsonValueKind.Object)
        {
            if (!root.TryGetProperty("AdvancedEventSelectors", out list))
            {
                Report(null, null, root.TryGetProperty("EventSelectors", out _)
                    ? "these are basic event selectors, which cannot choose Greengrass' data events; write AdvancedEventSelectors instead of them"
                    : "an object needs a member AdvancedEventSelectors");
                return [];
            }

            if (root.TryGetProperty("EventSelectors", out JsonElement basic) && basic is { ValueKind: JsonValueKind.Array } && basic.GetArrayLength() > 0)
            {
                Report(null, null, "EventSelectors and AdvancedEventSelectors exclude each other; leave EventSelectors out");
            }
        }

        if (list.ValueKind != JsonValueKind.Array)
        {
            Report(null, null, $"a list of selectors is needed, not {Kind(list)}");
            return [];
        }

        List<EventSelector> selectors = [];
        foreach (JsonElement selector in list.EnumerateArray())
        {
            selectors.Add(ReadSelector(selector, selectors.Count));
        }

        return selectors;
    }

    private EventSelector ReadSelector(JsonElement selector, int at)
    {
        string? name = null;
        List<EventFieldSelector> fields = [];
        if (selector.ValueKind != JsonValueKind.Object)
        {
            Report(at, null, $"a selector is an object, not {Kind(selector)}");
            return new EventSelector(fields);
        }

        foreach (JsonProperty member in selector.EnumerateObject())
        {
            switch (member.Name)
            {
                case "Name" when member.Value.ValueKind is JsonValueKind.String:
                    name = member.Value.GetString();
                    break;
                case "Name" when member.Value.ValueKind is JsonValueKind.Null:
                    break;
                case "FieldSelectors" when member.Value.ValueKind is JsonValueKind.Array:
                    fields = [.. member.Value.EnumerateArray().Select(field => ReadField(field, at)).OfType<EventFieldSelector>()];
                    break;
                case "Name" or "FieldSelectors":
                    Report(at, null, $"{member.Name} is {Kind(member.Value)}");
                    break;
                default:
                    Report(at, null, $"there is no member {member.Name}, only Name and FieldSelectors");
                    break;
            }
        }

        return new EventSelector(fields) { Name = name };
    }

    private EventFieldSelector? ReadField(JsonElement condition, int at)
    {
        if (condition.ValueKind != JsonValueKind.Object
            || !condition.TryGetProperty("Field", out JsonElement name)
            || name.ValueKind != JsonValueKind.String)
        {
            Report(at, null, "a field selector is an object with a text Field");
            return null;
        }

        var field = new EventFieldSelector(name.GetString()!);
        foreach (JsonProperty member in condition.EnumerateObject().Where(member => member.Name != "Field"))
        {
            if (SelectorOperator.All.FirstOrDefault(op => op.Name == member.Name) is not { } op)
            {
                Report(at, field.Field, $"there is no operator {member.Name}; give one of {string.Join(", ", SelectorOperator.All.Select(known => known.Name))}");
            }
            else if (member.Value.ValueKind != JsonValueKind.Array || member.Value.EnumerateArray().Any(value => value.ValueKind != JsonValueKind.String))
            {
                Report(at, field.Field, $"{op.Name} takes a list of texts, also for one value and for true and false");
            }
            else
            {
                field = op.With(field, [.. member.Value.EnumerateArray().Select(value => value.GetString()!)]);
            }
        }

        return field;
    }

    private void Report(int? selector, string? field, string rule) => _problems.Add(new EventSelectorProblem(selector, field, rule));

    private static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => "true or false",
    };
}
