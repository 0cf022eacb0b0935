using System.Text.Json;
using IotOps.Emulator.Http;
using IotOps.Emulator.Rest;

namespace IotOps.Emulator.ControlPlane;

/// <summary>
/// AddThingToThingGroup, RemoveThingFromThingGroup and ListThingGroupsForThing.
/// See https://docs.aws.amazon.com/iot/latest/apireference/API_AddThingToThingGroup.html.
/// </summary>
internal sealed class MembershipCalls(FleetStore store, FleetIndex index, IotArns arns)
{
    private const int MaxGroups = 10;

    public void Add(RestCall call, Utf8JsonWriter output)
    {
        (IndexedThing thing, EmulatedThingGroup group, bool overridesDynamic) = Read(call, "AddThingToThingGroup");
        int dynamic = overridesDynamic ? 0 : DynamicOf(thing.Name).Count();
        store.Change(thing.Name, now =>
        {
            string[] groups = [.. now.Groups];
            if (groups.Contains(group.Name, StringComparer.Ordinal))
            {
                return now;
            }

            // A hierarchy is known by the group at its top.
            string root = Root(group);
            if (groups.FirstOrDefault(one => store.FindGroup(one) is { } stored && Root(stored.Group) == root) is { } other)
            {
                throw RestCall.Invalid($"Thing {thing.Name} is in {other} already, which is in the same hierarchy as {group.Name}.");
            }

            return groups.Length + dynamic < MaxGroups
                ? now.In(groups.Append(group.Name))
                : throw RestCall.Invalid($"Thing {thing.Name} is in {MaxGroups} thing groups, as many as a thing may be in.");
        });
    }

    public void Remove(RestCall call, Utf8JsonWriter output)
    {
        (IndexedThing thing, EmulatedThingGroup group, _) = Read(call, "RemoveThingFromThingGroup");
        store.Change(thing.Name, now => now.Groups.Contains(group.Name, StringComparer.Ordinal) ? now.In(now.Groups.Where(one => one != group.Name)) : now);
    }

    public void List(RestCall call, string name, Utf8JsonWriter output)
    {
        call.RefuseAllBut("ListThingGroupsForThing", ["nextToken", "maxResults"]);
        IndexedThing thing = store.Thing(IotName.Checked(name));
        IEnumerable<string> groups = thing.Groups.Concat(DynamicOf(name)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        ListPage<string> page = ListPage.Of(groups, group => group, call.After(), call.PageSize());
        output.WriteStartArray("thingGroups"u8);
        foreach (string group in page.Items)
        {
            output.WriteStartObject();
            output.WriteString("groupName"u8, group);
            output.WriteString("groupArn"u8, arns.Group(call, group));
            output.WriteEndObject();
        }

        output.WriteEndArray();
        page.WriteToken(output);
    }

    private (IndexedThing Thing, EmulatedThingGroup Group, bool OverridesDynamic) Read(RestCall call, string operation)
    {
        call.RefuseAllBut(operation, []);
        using JsonDocument document = JsonInput.Parse(call.Payload);
        var input = new JsonInput(document.RootElement);
        input.RefuseAllBut(operation, ["thingName", "thingArn", "thingGroupName", "thingGroupArn", "overrideDynamicGroups"]);
        IndexedThing thing = store.Thing(Name(input, "thing", "thing"));
        EmulatedThingGroup group = store.Group(Name(input, "thingGroup", IotArns.GroupKind)).Group;
        return group.Query is null
            ? (thing, group, input.Flag("overrideDynamicGroups"))
            : throw RestCall.Invalid($"{group.Name} is a dynamic thing group: its query says which things are in it.");
    }

    // A resource is named by its name, its ARN, or both.
    private string Name(JsonInput input, string member, string kind)
    {
        string? name = input.Text(member + "Name");
        string? arn = input.Text(member + "Arn");
        (string Kind, string Name)? read = arns.Read(arn);
        if (arn is not null && (read?.Kind != kind || (name is not null && name != read.Value.Name)))
        {
            throw RestCall.Invalid($"The {member}Arn '{arn}' does not name the {member}.");
        }

        return IotName.Checked(name ?? read?.Name);
    }

    private string Root(EmulatedThingGroup group) => store.Above(group) is [.., { } top] ? top.Name : group.Name;

    private IEnumerable<string> DynamicOf(string thing) =>
        store.Groups().Where(group => group.Query is { } query && index.Find(query).Any(one => one.Name == thing)).Select(group => group.Name);
}
