using System.Text.Json;
using IotOps.Emulator.Http;

namespace IotOps.Emulator.Logs;

/// <summary>The members of a request, read with the types of the service's model.</summary>
internal readonly struct LogsInput(JsonElement root)
{
    public string? Text(string member) => Find(member, JsonValueKind.String) is { } value ? value.GetString() : null;

    public long? Number(string member) => Find(member, JsonValueKind.Number) is { } value ? value.GetInt64() : null;

    public bool Flag(string member) =>
        root.TryGetProperty(member, out JsonElement value) && value.ValueKind == JsonValueKind.True;

    public IReadOnlyList<string> Texts(string member) =>
        Find(member, JsonValueKind.Array) is { } values ? [.. values.EnumerateArray().Select(v => v.GetString() ?? "")] : [];

    /// <summary>The log group by name or by identifier, which is a name or an ARN.</summary>
    public string Group()
    {
        string? identifier = Text("logGroupIdentifier");
        if (identifier is null)
        {
            return Constraint.GroupName(Text("logGroupName"));
        }

        int name = identifier.IndexOf(":log-group:", StringComparison.Ordinal);
        return Constraint.GroupName(name < 0 ? identifier : identifier[(name + ":log-group:".Length)..].TrimEnd('*').TrimEnd(':'), "logGroupIdentifier");
    }

    private JsonElement? Find(string member, JsonValueKind kind)
    {
        if (!root.TryGetProperty(member, out JsonElement value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        return value.ValueKind == kind
            ? value
            : throw new Refusal(400, "SerializationException", $"{member} must be a {kind}, not a {value.ValueKind}.");
    }
}
