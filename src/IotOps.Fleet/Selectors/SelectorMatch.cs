using System.Text;
using System.Text.Json;
using IotOps.Fleet.Trail;

namespace IotOps.Fleet.Selectors;

/// <summary>Whether a selector chooses a record.</summary>
internal static class SelectorMatch
{
    public static bool Chooses(EventSelector selector, JsonElement record)
    {
        bool asksForResource = false;
        foreach (EventFieldSelector field in selector.Fields)
        {
            if (IsOfResource(field))
            {
                asksForResource = true;
            }
            else if (!Fulfils(field, Text(record, field.Field) ?? Implied(record, field.Field)))
            {
                return false;
            }
        }

        return !asksForResource || HasResource(selector, record);
    }

    // Type and ARN are asked of the same resource: a certificate's type with a thing's ARN is no match.
    private static bool HasResource(EventSelector selector, JsonElement record)
    {
        JsonElement resources = Members.Object(record, "resources"u8);
        if (resources.ValueKind != JsonValueKind.Array)
        {
            return false;
        }

        foreach (JsonElement resource in resources.EnumerateArray())
        {
            if (selector.Fields.Where(IsOfResource).All(field => Fulfils(field, Text(resource, field.Field["resources.".Length..]))))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsOfResource(EventFieldSelector field) => field.Field.StartsWith("resources.", StringComparison.Ordinal);

    // A field that is absent has no wanted value, and no unwanted one either.
    private static bool Fulfils(EventFieldSelector field, string? value)
    {
        bool wants = field.EqualTo is not null || field.StartsWith is not null || field.EndsWith is not null;
        if (value is null)
        {
            return !wants;
        }

        bool unwanted = Any(field.NotEqualTo, value, static (v, o) => v == o) || Any(field.NotStartsWith, value, Starts) || Any(field.NotEndsWith, value, Ends);
        return !unwanted
            && (!wants || Any(field.EqualTo, value, static (v, o) => v == o) || Any(field.StartsWith, value, Starts) || Any(field.EndsWith, value, Ends));
    }

    private static bool Starts(string value, string operand) => value.StartsWith(operand, StringComparison.Ordinal);

    private static bool Ends(string value, string operand) => value.EndsWith(operand, StringComparison.Ordinal);

    private static bool Any(IReadOnlyList<string>? operands, string value, Func<string, string, bool> holds)
    {
        foreach (string operand in operands ?? [])
        {
            if (holds(value, operand))
            {
                return true;
            }
        }

        return false;
    }

    // Records before version 1.07 do not name their category.
    private static string? Implied(JsonElement record, string field) => field != "eventCategory" ? null
        : RecordCategory.Of(Members.Text(record, "eventType"u8), Members.Boolean(record, "managementEvent"u8));

    // readOnly is a boolean in records and "true" or "false" in selectors.
    private static string? Text(JsonElement at, string path)
    {
        foreach (string name in path.Split('.'))
        {
            at = Members.Object(at, Encoding.UTF8.GetBytes(name));
        }

        return at.ValueKind switch
        {
            JsonValueKind.String => Members.Text(at),
            JsonValueKind.True => "true",
            JsonValueKind.False => "false",
            _ => null,
        };
    }
}
