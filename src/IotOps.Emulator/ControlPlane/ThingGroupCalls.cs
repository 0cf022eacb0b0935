using System.Text.Json;
using IotOps.Emulator.Rest;

namespace IotOps.Emulator.ControlPlane;

/// <summary>
/// ListThingGroups, DescribeThingGroup and ListThingsInThingGroup.
/// See https://docs.aws.amazon.com/iot/latest/developerguide/thing-groups.html.
/// </summary>
internal sealed class ThingGroupCalls(FleetStore store, FleetIndex index, IotArns arns)
{
    public void List(RestCall call, Utf8JsonWriter output)
    {
        call.RefuseAllBut("ListThingGroups", ["nextToken", "maxResults", "parentGroup", "namePrefixFilter", "recursive"]);
        string prefix = call.Query.Find("namePrefixFilter") is { } begin ? IotName.Checked(begin) : "";
        string? parent = call.Query.Find("parentGroup");
        bool isRecursive = !call.Query.Has("recursive") || call.Flag("recursive");
        if (parent is not null)
        {
            store.Group(IotName.Checked(parent));
        }

        IEnumerable<EmulatedThingGroup> groups = store.Groups().Where(group => group.Name.StartsWith(prefix, StringComparison.Ordinal)
            && (group.Parent == parent || (isRecursive && (parent is null || store.Above(group).Any(above => above.Name == parent)))));
        ListPage<EmulatedThingGroup> page = ListPage.Of(groups, group => group.Name, call.After(), call.PageSize());
        output.WriteStartArray("thingGroups"u8);
        foreach (EmulatedThingGroup group in page.Items)
        {
            WriteNameAndArn(output, call, group);
        }

        output.WriteEndArray();
        page.WriteToken(output);
    }

    public void Describe(RestCall call, string name, Utf8JsonWriter output)
    {
        call.RefuseAllBut("DescribeThingGroup", []);
        (EmulatedThingGroup group, string id, long version, DateTimeOffset createdAt) = store.Group(IotName.Checked(name));
        output.WriteString("thingGroupName"u8, group.Name);
        output.WriteString("thingGroupId"u8, id);
        output.WriteString("thingGroupArn"u8, arns.Group(call, group.Name));
        output.WriteNumber("version"u8, version);
        WriteProperties(output, group);
        output.WriteStartObject("thingGroupMetadata"u8);
        if (group.Parent is { } parent)
        {
            output.WriteString("parentGroupName"u8, parent);
            output.WriteStartArray("rootToParentThingGroups"u8);
            foreach (EmulatedThingGroup above in store.Above(group).Reverse())
            {
                WriteNameAndArn(output, call, above);
            }

            output.WriteEndArray();
        }

        output.WriteNumber("creationDate"u8, createdAt.ToUnixTimeMilliseconds() / 1_000.0);
        output.WriteEndObject();
        if (group.Query is { } query)
        {
            output.WriteString("indexName"u8, FleetIndex.Name);
            output.WriteString("queryString"u8, query);
            output.WriteString("queryVersion"u8, FleetIndex.QueryVersion);
            output.WriteString("status"u8, "ACTIVE"u8);
        }
    }

    public void ListThings(RestCall call, string name, Utf8JsonWriter output)
    {
        call.RefuseAllBut("ListThingsInThingGroup", ["nextToken", "maxResults", "recursive"]);
        EmulatedThingGroup group = store.Group(IotName.Checked(name)).Group;
        ListPage<string> page = ListPage.Of(Things(group, call.Flag("recursive")), thing => thing, call.After(), call.PageSize());
        output.WriteStartArray("things"u8);
        foreach (string thing in page.Items)
        {
            output.WriteStringValue(thing);
        }

        output.WriteEndArray();
        page.WriteToken(output);
    }

    private IEnumerable<string> Things(EmulatedThingGroup group, bool isRecursive)
    {
        if (group.Query is { } query)
        {
            return index.Find(query).Select(one => one.Name);
        }

        HashSet<string> groups = new(StringComparer.Ordinal) { group.Name };
        if (isRecursive)
        {
            groups.UnionWith(store.Groups().Where(below => store.Above(below).Any(above => above.Name == group.Name)).Select(below => below.Name));
        }

        return store.Things().Where(thing => thing.Groups.Any(groups.Contains)).Select(thing => thing.Name);
    }

    private static void WriteProperties(Utf8JsonWriter output, EmulatedThingGroup group)
    {
        output.WriteStartObject("thingGroupProperties"u8);
        if (group.Description is { } description)
        {
            output.WriteString("thingGroupDescription"u8, description);
        }

        output.WriteStartObject("attributePayload"u8);
        output.WriteStartObject("attributes"u8);
        foreach ((string key, string value) in group.Attributes)
        {
            output.WriteString(key, value);
        }

        output.WriteEndObject();
        output.WriteEndObject();
        output.WriteEndObject();
    }

    private void WriteNameAndArn(Utf8JsonWriter output, RestCall call, EmulatedThingGroup group)
    {
        output.WriteStartObject();
        output.WriteString("groupName"u8, group.Name);
        output.WriteString("groupArn"u8, arns.Group(call, group.Name));
        output.WriteEndObject();
    }
}
