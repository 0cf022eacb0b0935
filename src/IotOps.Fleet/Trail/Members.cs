using System.Runtime.InteropServices;
using System.Text.Json;

namespace IotOps.Fleet.Trail;

/// <summary>Members of JSON objects, leniently: one that is absent or of another type is null, and so is one of something that is no object.</summary>
internal static class Members
{
    /// <summary>A member of whatever type; of several the last. A name elsewhere in the object with half a surrogate pair is no obstacle, as it is to TryGetProperty.</summary>
    public static JsonElement Object(JsonElement at, ReadOnlySpan<byte> name)
    {
        JsonElement found = default;
        if (at.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty member in at.EnumerateObject())
            {
                if (JsonText.Is(JsonMarshal.GetRawUtf8PropertyName(member), name))
                {
                    found = member.Value;
                }
            }
        }

        return found;
    }

    public static string? Text(JsonElement at, ReadOnlySpan<byte> name) => Text(Object(at, name));

    public static string? Text(JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? JsonText.Decode(JsonMarshal.GetRawUtf8Value(value)) : null;

    /// <summary>A member's name.</summary>
    public static string Name(JsonProperty member) => JsonText.DecodeText(JsonMarshal.GetRawUtf8PropertyName(member));

    /// <summary>True and false, also as texts, which is how CloudTrail writes some of them.</summary>
    public static bool? Boolean(JsonElement at, ReadOnlySpan<byte> name)
    {
        JsonElement value = Object(at, name);
        return value.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.String when IsText(value, "true"u8) => true,
            JsonValueKind.String when IsText(value, "false"u8) => false,
            _ => null,
        };
    }

    // ValueEquals throws over half a surrogate pair.
    private static bool IsText(JsonElement value, ReadOnlySpan<byte> text) => JsonText.Is(JsonMarshal.GetRawUtf8Value(value)[1..^1], text);

    public static double? Number(JsonElement at, ReadOnlySpan<byte> name) =>
        Object(at, name) is { ValueKind: JsonValueKind.Number } value && value.TryGetDouble(out double number) && double.IsFinite(number) ? number : null;
}
