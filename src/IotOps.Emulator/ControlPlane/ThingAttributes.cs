using IotOps.Emulator.Http;
using IotOps.Emulator.Rest;

namespace IotOps.Emulator.ControlPlane;

/// <summary>The attributes of things and of thing groups.</summary>
internal static class ThingAttributes
{
    private const int MaxNameLength = 128;
    private const int MaxValueLength = 800;

    // Without a thing type.
    private const int MaxOfThing = 3;
    private const int MaxOfGroup = 50;

    /// <summary>Those of a thing's attributePayload.</summary>
    /// <exception cref="Refusal">400: they are none.</exception>
    public static IReadOnlyDictionary<string, string> OfThing(JsonInput input) => Read(input, MaxOfThing, "A thing without a thing type");

    /// <summary>Those of a group's thingGroupProperties; empty when there are none.</summary>
    /// <exception cref="Refusal">400: they are none.</exception>
    public static IReadOnlyDictionary<string, string> OfGroup(JsonInput properties) => Read(properties, MaxOfGroup, "A thing group");

    /// <exception cref="Refusal">400: it is not the name of an attribute.</exception>
    public static void CheckName(string name)
    {
        if (name is not { Length: > 0 and <= MaxNameLength } || !name.All(IsAllowed))
        {
            throw RestCall.Invalid($"'{name}' is not the name of an attribute: 1 to {MaxNameLength} of A-Z a-z 0-9 _ . , @ / : # -.");
        }
    }

    /// <exception cref="Refusal">400: the attribute cannot have it.</exception>
    public static void CheckValue(string? name, string value)
    {
        if (value.Length > MaxValueLength || !value.All(c => IsAllowed(c) || c is '=' or '[' or ']'))
        {
            throw RestCall.Invalid($"The value of the attribute '{name}' has up to {MaxValueLength} of A-Z a-z 0-9 _ . , @ / : # = [ ] -.");
        }
    }

    private static IReadOnlyDictionary<string, string> Read(JsonInput input, int max, string owner)
    {
        if (input.Object("attributePayload") is { } whole)
        {
            new JsonInput(whole).RefuseAllBut("attributePayload", ["attributes"]);
        }

        IReadOnlyDictionary<string, string> attributes = input.Object("attributePayload") is { } payload && new JsonInput(payload).Map("attributes") is { } given
            ? given
            : new Dictionary<string, string>(StringComparer.Ordinal);
        if (attributes.Count > max)
        {
            throw RestCall.Invalid($"{owner} has {max} attributes at most, not {attributes.Count}.");
        }

        foreach ((string name, string value) in attributes)
        {
            CheckName(name);
            CheckValue(name, value);
        }

        return attributes;
    }

    private static bool IsAllowed(char c) => char.IsAsciiLetterOrDigit(c) || "_.,@/:#-".Contains(c, StringComparison.Ordinal);
}
