using System.Text.Json;

namespace IotOps.Emulator.ControlPlane;

/// <summary>A finding of an audit.</summary>
/// <param name="Time">When it was found.</param>
/// <param name="Json">All that ListAuditFindings answers of it.</param>
internal sealed record StoredFinding(DateTimeOffset Time, JsonElement Json)
{
    /// <exception cref="FormatException">It is no finding.</exception>
    public static StoredFinding Read(string json)
    {
        try
        {
            JsonElement finding = JsonElement.Parse(json);
            return finding.ValueKind != JsonValueKind.Object || Text(finding, "checkName") is null || Text(finding, "taskId") is null
                ? throw new FormatException("A finding is an object with the texts checkName and taskId.")
                : new StoredFinding(DateTimeOffset.UnixEpoch.AddSeconds(finding.GetProperty("findingTime"u8).GetDouble()), finding);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or ArgumentException)
        {
            throw new FormatException($"The finding cannot be read, it needs a findingTime in seconds since 1970: {e.Message}", e);
        }
    }

    public bool Has(string member, string? value) => value is null || Text(Json, member) == value;

    public bool IsSuppressed => Json.TryGetProperty("isSuppressed"u8, out JsonElement suppressed) && suppressed.ValueKind == JsonValueKind.True;

    /// <summary>Whether the resource has all that an identifier says.</summary>
    public bool IsAbout(JsonElement? identifier) =>
        identifier is not { } asked
        || (Json.TryGetProperty("nonCompliantResource"u8, out JsonElement resource)
            && resource.TryGetProperty("resourceIdentifier"u8, out JsonElement own)
            && asked.EnumerateObject().All(member => own.TryGetProperty(member.Name, out JsonElement value) && JsonElement.DeepEquals(value, member.Value)));

    private static string? Text(JsonElement json, string member) =>
        json.TryGetProperty(member, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
