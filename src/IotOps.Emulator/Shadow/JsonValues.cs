using System.Text.Json;

namespace IotOps.Emulator.Shadow;

/// <summary>Questions about JSON values.</summary>
internal static class JsonValues
{
    /// <summary>Whether two values are the same: numbers by value, objects in any order.</summary>
    public static bool Equal(JsonElement one, JsonElement other)
    {
        if (one.ValueKind != other.ValueKind)
        {
            return false;
        }

        return one.ValueKind switch
        {
            JsonValueKind.Number => NumbersEqual(one, other),
            JsonValueKind.String => one.GetString() == other.GetString(),
            JsonValueKind.Array => one.GetArrayLength() == other.GetArrayLength()
                && one.EnumerateArray().Zip(other.EnumerateArray()).All(p => Equal(p.First, p.Second)),
            JsonValueKind.Object => ObjectsEqual(one, other),
            _ => true,
        };
    }

    /// <summary>Levels of objects and arrays.</summary>
    public static int Depth(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => 1 + value.EnumerateObject().Select(p => Depth(p.Value)).DefaultIfEmpty().Max(),
        JsonValueKind.Array => 1 + value.EnumerateArray().Select(Depth).DefaultIfEmpty().Max(),
        _ => 0,
    };

    /// <summary>Whether a null stands in an array, where it cannot mean to delete.</summary>
    public static bool HasNullInArray(JsonElement value, bool isInArray = false) => value.ValueKind switch
    {
        JsonValueKind.Null => isInArray,
        JsonValueKind.Object => value.EnumerateObject().Any(p => HasNullInArray(p.Value, isInArray)),
        JsonValueKind.Array => value.EnumerateArray().Any(e => HasNullInArray(e, isInArray: true)),
        _ => false,
    };

    // By their digits: a double has 17 of them and a decimal 28, and numbers that differ behind those are not the same.
    private static bool NumbersEqual(JsonElement one, JsonElement other) =>
        one.GetRawText() == other.GetRawText() || ExactNumber.Parse(one.GetRawText()) == ExactNumber.Parse(other.GetRawText());

    private static bool ObjectsEqual(JsonElement one, JsonElement other)
    {
        int members = 0;
        foreach (JsonProperty property in one.EnumerateObject())
        {
            members++;
            if (!other.TryGetProperty(property.Name, out JsonElement value) || !Equal(property.Value, value))
            {
                return false;
            }
        }

        return other.EnumerateObject().Count() == members;
    }
}
