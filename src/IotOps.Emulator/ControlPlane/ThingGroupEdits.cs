using System.Text.Json;
using IotOps.Emulator.Http;
using IotOps.Emulator.Rest;

namespace IotOps.Emulator.ControlPlane;

/// <summary>
/// CreateThingGroup, DeleteThingGroup, CreateDynamicThingGroup, UpdateDynamicThingGroup and DeleteDynamicThingGroup.
/// See https://docs.aws.amazon.com/iot/latest/developerguide/dynamic-thing-groups.html.
/// </summary>
internal sealed class ThingGroupEdits(FleetStore store, FleetIndex index, IotArns arns)
{
    private const int MaxDescription = 2_028;

    public void Create(RestCall call, string name, Utf8JsonWriter output)
    {
        call.RefuseAllBut("CreateThingGroup", []);
        using JsonDocument? document = call.Payload.Length == 0 ? null : JsonInput.Parse(call.Payload);
        var group = new EmulatedThingGroup { Name = IotName.Checked(name) };
        if (document is not null)
        {
            var input = new JsonInput(document.RootElement);
            input.RefuseAllBut("CreateThingGroup", ["parentGroupName", "thingGroupProperties"]);
            group = WithProperties(group, input) with { Parent = input.Text("parentGroupName") is { } parent ? IotName.Checked(parent) : null };
        }

        // The model of this call has no ResourceNotFoundException.
        if (group.Parent is { } above && store.FindGroup(above) is not { Group.Query: null })
        {
            throw RestCall.Invalid($"There is no static thing group {above} to be the parent.");
        }

        WriteHead(call, Add(group), output);
    }

    public void CreateDynamic(RestCall call, string name, Utf8JsonWriter output)
    {
        call.RefuseAllBut("CreateDynamicThingGroup", []);
        index.RequireOn();
        using JsonDocument document = JsonInput.Parse(call.Payload);
        var input = new JsonInput(document.RootElement);
        input.RefuseAllBut("CreateDynamicThingGroup", ["thingGroupProperties", "indexName", "queryString", "queryVersion"]);
        CheckIndex(input);
        string query = input.Text("queryString") is { Length: > 0 } text ? text : throw RestCall.Invalid("The queryString is missing.");
        index.Check(query);
        WriteHead(call, Add(WithProperties(new EmulatedThingGroup { Name = IotName.Checked(name), Query = query }, input)), output);
        output.WriteString("indexName"u8, FleetIndex.Name);
        output.WriteString("queryString"u8, query);
        output.WriteString("queryVersion"u8, FleetIndex.QueryVersion);
    }

    public void UpdateDynamic(RestCall call, string name, Utf8JsonWriter output)
    {
        call.RefuseAllBut("UpdateDynamicThingGroup", []);
        StoredGroup stored = store.Group(IotName.Checked(name));
        RequireKind(stored, isDynamic: true);
        using JsonDocument document = JsonInput.Parse(call.Payload);
        var input = new JsonInput(document.RootElement);
        input.RefuseAllBut("UpdateDynamicThingGroup", ["thingGroupProperties", "expectedVersion", "indexName", "queryString", "queryVersion"]);
        CheckIndex(input);
        if (input.Object("thingGroupProperties") is null)
        {
            throw RestCall.Invalid("The thingGroupProperties are missing.");
        }

        if (input.Number("expectedVersion") is { } expected && expected != stored.Version)
        {
            throw Conflict(stored);
        }

        string query = input.Text("queryString") ?? stored.Group.Query!;
        index.Check(query);
        store.Set(WithProperties(stored.Group with { Query = query }, input));
        output.WriteNumber("version"u8, store.Group(name).Version);
    }

    public void Delete(RestCall call, string name, Utf8JsonWriter output) => Delete(call, name, "DeleteThingGroup", isDynamic: false);

    public void DeleteDynamic(RestCall call, string name, Utf8JsonWriter output) => Delete(call, name, "DeleteDynamicThingGroup", isDynamic: true);

    private void Delete(RestCall call, string name, string operation, bool isDynamic)
    {
        call.RefuseAllBut(operation, ["expectedVersion"]);

        // A group that is not there is as good as deleted: the models have no ResourceNotFoundException.
        if (store.FindGroup(IotName.Checked(name)) is not { } stored)
        {
            return;
        }

        RequireKind(stored, isDynamic);
        if (call.Query.Has("expectedVersion") && call.Number("expectedVersion", 0, 0, long.MaxValue) != stored.Version)
        {
            throw Conflict(stored);
        }

        store.RemoveGroup(name);
    }

    // The same group again is not refused.
    private StoredGroup Add(EmulatedThingGroup group)
    {
        if (store.FindGroup(group.Name) is { } old)
        {
            return IsSame(old.Group, group)
                ? old
                : throw new Refusal(409, "ResourceAlreadyExistsException", $"Thing group {group.Name} exists already, and is another.");
        }

        store.Set(group);
        return store.Group(group.Name);
    }

    private static bool IsSame(EmulatedThingGroup left, EmulatedThingGroup right) =>
        left with { Attributes = right.Attributes } == right
        && left.Attributes.OrderBy(one => one.Key, StringComparer.Ordinal).SequenceEqual(right.Attributes.OrderBy(one => one.Key, StringComparer.Ordinal));

    private static EmulatedThingGroup WithProperties(EmulatedThingGroup group, JsonInput input)
    {
        if (input.Object("thingGroupProperties") is not { } properties)
        {
            return group;
        }

        var read = new JsonInput(properties);
        read.RefuseAllBut("thingGroupProperties", ["thingGroupDescription", "attributePayload"]);
        string? description = read.Text("thingGroupDescription");
        return description?.Length > MaxDescription || description?.All(static c => c is >= ' ' and <= '~') == false
            ? throw RestCall.Invalid($"The thingGroupDescription has {MaxDescription} characters of ASCII at most.")
            : group with { Description = description, Attributes = ThingAttributes.OfGroup(read) };
    }

    private static void CheckIndex(JsonInput input)
    {
        if (input.Text("indexName") is { } name && name != FleetIndex.Name)
        {
            throw RestCall.Invalid($"The indexName of a dynamic thing group is {FleetIndex.Name}, not '{name}'.");
        }

        if (input.Text("queryVersion") is { } version && version != FleetIndex.QueryVersion)
        {
            throw RestCall.Invalid($"'{version}' is not a queryVersion, as {FleetIndex.QueryVersion} is.");
        }
    }

    private static void RequireKind(StoredGroup stored, bool isDynamic)
    {
        if (stored.Group.Query is null == isDynamic)
        {
            throw RestCall.Invalid($"{stored.Group.Name} is a {(isDynamic ? "static" : "dynamic")} thing group.");
        }
    }

    private static Refusal Conflict(StoredGroup stored) => new(409, "VersionConflictException", $"The version of thing group {stored.Group.Name} is {stored.Version}.");

    private void WriteHead(RestCall call, StoredGroup stored, Utf8JsonWriter output)
    {
        output.WriteString("thingGroupName"u8, stored.Group.Name);
        output.WriteString("thingGroupArn"u8, arns.Group(call, stored.Group.Name));
        output.WriteString("thingGroupId"u8, stored.Id);
    }
}
