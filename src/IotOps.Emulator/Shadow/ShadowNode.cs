using System.Text.Json;

namespace IotOps.Emulator.Shadow;

/// <summary>A part of a shadow's state with the times of its metadata: an object that is not empty, or any other value. Immutable.</summary>
internal sealed class ShadowNode
{
    private readonly JsonElement _value;
    private readonly long _timestamp;
    private readonly Dictionary<string, ShadowNode>? _members;

    private ShadowNode(JsonElement value, long timestamp)
    {
        _value = value;
        _timestamp = timestamp;
    }

    private ShadowNode(Dictionary<string, ShadowNode> members) => _members = members;

    /// <summary>Merges a patch: objects recursively, null deletes, arrays and the rest replace. An object that ends up empty is gone.</summary>
    /// <param name="current">What is there; null is nothing.</param>
    /// <param name="patch">An update's value; one that outlives its document.</param>
    /// <param name="timestamp">Unix seconds, for the metadata of what is set.</param>
    public static ShadowNode? Merge(ShadowNode? current, JsonElement patch, long timestamp)
    {
        if (patch.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (patch.ValueKind != JsonValueKind.Object)
        {
            return new ShadowNode(patch, timestamp);
        }

        var members = current?._members is { } there
            ? new Dictionary<string, ShadowNode>(there, StringComparer.Ordinal)
            : new Dictionary<string, ShadowNode>(StringComparer.Ordinal);
        foreach (JsonProperty property in patch.EnumerateObject())
        {
            if (Merge(members.GetValueOrDefault(property.Name), property.Value, timestamp) is { } merged)
            {
                members[property.Name] = merged;
            }
            else
            {
                members.Remove(property.Name);
            }
        }

        return members.Count == 0 ? null : new ShadowNode(members);
    }

    /// <summary>What of the desired state differs from the reported one, whatever an update touched; null when nothing does.</summary>
    public static ShadowNode? Delta(ShadowNode? desired, ShadowNode? reported)
    {
        if (desired?._members is null)
        {
            return desired is not null && !desired.HasValueOf(reported) ? desired : null;
        }

        if (reported?._members is null)
        {
            return desired;
        }

        var members = new Dictionary<string, ShadowNode>(StringComparer.Ordinal);
        foreach ((string name, ShadowNode member) in desired._members)
        {
            if (Delta(member, reported._members.GetValueOrDefault(name)) is { } delta)
            {
                members[name] = delta;
            }
        }

        return members.Count == 0 ? null : new ShadowNode(members);
    }

    public void WriteState(Utf8JsonWriter json)
    {
        if (_members is null)
        {
            _value.WriteTo(json);
            return;
        }

        json.WriteStartObject();
        foreach ((string name, ShadowNode member) in _members)
        {
            json.WritePropertyName(name);
            member.WriteState(json);
        }

        json.WriteEndObject();
    }

    /// <summary>The same shape with a timestamp in place of each value, each element of an array included.</summary>
    public void WriteMetadata(Utf8JsonWriter json)
    {
        if (_members is null)
        {
            WriteTimestamps(json, _value, _timestamp);
            return;
        }

        json.WriteStartObject();
        foreach ((string name, ShadowNode member) in _members)
        {
            json.WritePropertyName(name);
            member.WriteMetadata(json);
        }

        json.WriteEndObject();
    }

    private static void WriteTimestamps(Utf8JsonWriter json, JsonElement value, long timestamp)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Array:
                json.WriteStartArray();
                foreach (JsonElement element in value.EnumerateArray())
                {
                    WriteTimestamps(json, element, timestamp);
                }

                json.WriteEndArray();
                break;
            case JsonValueKind.Object:
                json.WriteStartObject();
                foreach (JsonProperty property in value.EnumerateObject())
                {
                    json.WritePropertyName(property.Name);
                    WriteTimestamps(json, property.Value, timestamp);
                }

                json.WriteEndObject();
                break;
            default:
                json.WriteStartObject();
                json.WriteNumber("timestamp"u8, timestamp);
                json.WriteEndObject();
                break;
        }
    }

    private bool HasValueOf(ShadowNode? other) => other is { _members: null } && JsonValues.Equal(_value, other._value);
}
