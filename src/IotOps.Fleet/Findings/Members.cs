using System.Text.Json;

namespace IotOps.Fleet.Findings;

/// <summary>Members of JSON objects, read leniently: one of another type than documented counts as absent.</summary>
internal static class Members
{
    public static JsonElement Get(JsonElement at, string name) =>
        at.ValueKind == JsonValueKind.Object && at.TryGetProperty(name, out JsonElement value) ? value : default;

    public static string? Text(JsonElement at, string name)
    {
        JsonElement value = Get(at, name);
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair.
            return null;
        }
    }

    public static long Number(JsonElement at, string name) =>
        Get(at, name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out long number) ? number : 0;

    /// <summary>A time in milliseconds, or with <paramref name="isSeconds"/> in seconds with a fraction.</summary>
    public static DateTimeOffset? Time(JsonElement at, string name, bool isSeconds = false)
    {
        if (Get(at, name) is not { ValueKind: JsonValueKind.Number } value || !value.TryGetDouble(out double number))
        {
            return null;
        }

        double milliseconds = isSeconds ? number * 1_000 : number;
        return milliseconds is > -62_135_596_800_000 and < 253_402_300_800_000 ? DateTimeOffset.FromUnixTimeMilliseconds((long)milliseconds) : null;
    }
}
