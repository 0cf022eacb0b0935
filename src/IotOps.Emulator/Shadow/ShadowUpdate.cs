using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using IotOps.Emulator.Http;

namespace IotOps.Emulator.Shadow;

/// <summary>
/// An update request that is well formed. The words of refusals are those of
/// https://docs.aws.amazon.com/iot/latest/developerguide/device-shadow-error-messages.html.
/// </summary>
internal sealed record ShadowUpdate
{
    private const int MaxClientTokenBytes = 64;

    /// <summary>The state as it was sent; null clears the whole state.</summary>
    public required JsonElement State { get; init; }

    /// <summary>The version the sender believes to be current; null does not care.</summary>
    public long? Version { get; init; }

    public string? ClientToken { get; init; }

    /// <exception cref="Refusal">400, with the client token in <see cref="TokenOf"/> where that can be read.</exception>
    public static ShadowUpdate Parse(ReadOnlySpan<byte> payload, EmulatedShadowOptions options)
    {
        JsonElement root = ParseObject(payload);
        string? token = CheckedToken(root);
        if (!root.TryGetProperty("state", out JsonElement state))
        {
            throw Bad("Missing required node: state");
        }

        if (state.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty section in state.EnumerateObject())
            {
                CheckSection(section, options);
            }
        }
        else if (state.ValueKind != JsonValueKind.Null)
        {
            throw Bad("State node must be an object");
        }

        return new ShadowUpdate { State = state, Version = VersionOf(root), ClientToken = token };
    }

    /// <summary>The client token of a get or delete request, whose payload may be empty.</summary>
    /// <exception cref="Refusal">400.</exception>
    public static string? ParseToken(ReadOnlySpan<byte> payload) => payload.IsEmpty ? null : CheckedToken(ParseObject(payload));

    /// <summary>The client token to echo in a refusal; null when there is none that can be.</summary>
    public static string? TokenOf(ReadOnlySpan<byte> payload)
    {
        try
        {
            return payload.IsEmpty ? null : CheckedToken(ParseObject(payload));
        }
        catch (Refusal)
        {
            return null;
        }
    }

    /// <summary>A section of the state; null when the update leaves it alone.</summary>
    public JsonElement? Section(string name) =>
        State.ValueKind == JsonValueKind.Object && State.TryGetProperty(name, out JsonElement section) ? section : null;

    private static JsonElement ParseObject(ReadOnlySpan<byte> payload)
    {
        // A reader would mend what is no UTF-8, and the shadow would hold other text than was sent.
        if (!Utf8.IsValid(payload))
        {
            throw new Refusal(415, "UnsupportedDocumentEncodingException", "Unsupported documented encoding; supported encoding is UTF-8");
        }

        try
        {
            var reader = new Utf8JsonReader(payload);
            var root = JsonElement.ParseValue(ref reader);
            bool isAlone = !reader.Read();
            return isAlone && root.ValueKind == JsonValueKind.Object ? root : throw Bad("Invalid JSON");
        }
        catch (JsonException)
        {
            throw Bad("Invalid JSON");
        }
    }

    private static void CheckSection(JsonProperty section, EmulatedShadowOptions options)
    {
        if (section.Name is not ("desired" or "reported"))
        {
            throw Bad($"State contains an invalid node: '{section.Name}'");
        }

        if (section.Value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Null))
        {
            throw Bad(section.Name == "desired" ? "Desired node must be an object" : "Reported node must be an object");
        }

        if (JsonValues.HasNullInArray(section.Value))
        {
            throw Bad($"State contains an invalid node: null in an array of '{section.Name}'");
        }

        if (JsonValues.Depth(section.Value) > options.MaxDepth)
        {
            throw Bad($"JSON contains too many levels of nesting; maximum is {options.MaxDepth}");
        }
    }

    private static long? VersionOf(JsonElement root)
    {
        if (!root.TryGetProperty("version", out JsonElement version) || version.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        return version.ValueKind == JsonValueKind.Number && version.TryGetInt64(out long number) && number >= 0 ? number : throw Bad("Invalid version");
    }

    private static string? CheckedToken(JsonElement root)
    {
        if (!root.TryGetProperty("clientToken", out JsonElement token) || token.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        return token.ValueKind == JsonValueKind.String && Encoding.UTF8.GetByteCount(token.GetString()!) <= MaxClientTokenBytes
            ? token.GetString()
            : throw Bad("Invalid clientToken");
    }

    private static Refusal Bad(string message) => new(400, "InvalidRequestException", message);
}
