using System.Text.Json;
using IotOps.Emulator.Http;
using IotOps.Emulator.Iot;
using IotOps.Emulator.Rest;

namespace IotOps.Emulator.ControlPlane;

/// <summary>
/// CreateThing, DescribeThing, ListThings and DeleteThing.
/// See https://docs.aws.amazon.com/iot/latest/developerguide/thing-registry.html.
/// </summary>
internal sealed class ThingCalls(FleetStore store, IotRegistry registry, IotArns arns)
{
    public void Create(RestCall call, string name, Utf8JsonWriter output)
    {
        call.RefuseAllBut("CreateThing", []);
        IotName.Checked(name);
        using JsonDocument? document = call.Payload.Length == 0 ? null : JsonInput.Parse(call.Payload);
        IReadOnlyDictionary<string, string> attributes = new Dictionary<string, string>(StringComparer.Ordinal);
        if (document is not null)
        {
            var input = new JsonInput(document.RootElement);
            input.RefuseAllBut("CreateThing", ["attributePayload"]);
            attributes = ThingAttributes.OfThing(input);
        }

        // The same thing again is not refused.
        if (!store.TryAdd(IndexedThing.Create(name, attributes)) && !Same(store.Thing(name).Attributes, attributes))
        {
            throw new Refusal(409, "ResourceAlreadyExistsException", $"Thing {name} already exists in account with different attributes.");
        }

        output.WriteString("thingName"u8, name);
        output.WriteString("thingArn"u8, arns.Thing(call, name));
        output.WriteString("thingId"u8, store.Thing(name).Id);
    }

    public void Describe(RestCall call, string name, Utf8JsonWriter output)
    {
        call.RefuseAllBut("DescribeThing", []);
        IndexedThing thing = store.Thing(IotName.Checked(name));
        output.WriteString("defaultClientId"u8, name);
        output.WriteString("thingId"u8, thing.Id);
        Write(call, thing, output);
    }

    public void List(RestCall call, Utf8JsonWriter output)
    {
        call.RefuseAllBut("ListThings", ["nextToken", "maxResults", "attributeName", "attributeValue", "usePrefixAttributeValue"]);
        string? attribute = call.Query.Find("attributeName");
        string? value = call.Query.Find("attributeValue");
        if (attribute is not null)
        {
            ThingAttributes.CheckName(attribute);
        }

        if (value is not null)
        {
            ThingAttributes.CheckValue(attribute, value);
        }

        bool isPrefix = call.Flag("usePrefixAttributeValue");
        IEnumerable<IndexedThing> found = store.Things().Where(thing => attribute is null
            || (thing.Attributes.TryGetValue(attribute, out string? own)
                && (value is null || (isPrefix ? own.StartsWith(value, StringComparison.Ordinal) : own == value))));
        ListPage<IndexedThing> page = ListPage.Of(found, thing => thing.Name, call.After(), call.PageSize());
        output.WriteStartArray("things"u8);
        foreach (IndexedThing thing in page.Items)
        {
            output.WriteStartObject();
            Write(call, thing, output);
            output.WriteEndObject();
        }

        output.WriteEndArray();
        page.WriteToken(output);
    }

    public void Delete(RestCall call, string name, Utf8JsonWriter output)
    {
        call.RefuseAllBut("DeleteThing", ["expectedVersion"]);
        IndexedThing thing = store.Thing(IotName.Checked(name));
        if (call.Query.Has("expectedVersion") && call.Number("expectedVersion", 0, 0, long.MaxValue) != thing.Version)
        {
            throw new Refusal(409, "VersionConflictException", $"The version of thing {name} is {thing.Version}.");
        }

        if (registry.PrincipalsOf(name).Count > 0)
        {
            throw RestCall.Invalid($"Thing {name} cannot be deleted while principals are attached to it.");
        }

        store.RemoveThing(name);
    }

    private void Write(RestCall call, IndexedThing thing, Utf8JsonWriter output)
    {
        output.WriteString("thingName"u8, thing.Name);
        output.WriteString("thingArn"u8, arns.Thing(call, thing.Name));
        if ((string?)thing.Json["thingTypeName"] is { } type)
        {
            output.WriteString("thingTypeName"u8, type);
        }

        output.WriteStartObject("attributes"u8);
        foreach ((string attribute, string value) in thing.Attributes)
        {
            output.WriteString(attribute, value);
        }

        output.WriteEndObject();
        output.WriteNumber("version"u8, thing.Version);
    }

    private static bool Same(IReadOnlyDictionary<string, string> left, IReadOnlyDictionary<string, string> right) =>
        left.Count == right.Count && left.All(one => right.TryGetValue(one.Key, out string? value) && value == one.Value);
}
