using System.Text.Json;

namespace IotOps.Aws.Credentials;

/// <summary>The keys in the endpoint's answer; every part may be missing.</summary>
internal sealed record IotCredentialsAnswer(string? AccessKeyId, string? SecretAccessKey, string? SessionToken, DateTimeOffset? Expiration)
{
    /// <summary>Reads <c>{"credentials":{...}}</c>; null when it is something else.</summary>
    public static IotCredentialsAnswer? Read(ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            using JsonDocument document = JsonDocument.ParseValue(ref reader);
            return document.RootElement is { ValueKind: JsonValueKind.Object } root
                && root.TryGetProperty("credentials"u8, out JsonElement keys) && keys.ValueKind == JsonValueKind.Object
                ? new IotCredentialsAnswer(
                    Text(keys, "accessKeyId"u8),
                    Text(keys, "secretAccessKey"u8),
                    Text(keys, "sessionToken"u8),
                    keys.TryGetProperty("expiration"u8, out JsonElement time) && time.ValueKind == JsonValueKind.String && time.TryGetDateTimeOffset(out DateTimeOffset expiration) ? expiration : null)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // Printing the record must not print a secret.
    private bool PrintMembers(System.Text.StringBuilder builder)
    {
        builder.Append("AccessKeyId = ").Append(AccessKeyId);
        return true;
    }

    private static string? Text(JsonElement keys, ReadOnlySpan<byte> name) =>
        keys.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
