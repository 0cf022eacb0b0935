using System.Text.Json;
using IotOps.Emulator.Http;
using IotOps.Emulator.Rest;

namespace IotOps.Emulator.ControlPlane;

/// <summary>
/// GetIndexingConfiguration and UpdateIndexingConfiguration; fields and filters are kept and answered, and select nothing here.
/// See https://docs.aws.amazon.com/iot/latest/apireference/API_UpdateIndexingConfiguration.html.
/// </summary>
internal sealed class IndexingCalls(IndexingStore store)
{
    private const string ThingsMember = "thingIndexingConfiguration";
    private const string GroupsMember = "thingGroupIndexingConfiguration";

    private static readonly JsonShape Fields = JsonShape.List(JsonShape.Object(("name", JsonShape.Text()), ("type", JsonShape.Word("Number", "String", "Boolean"))));

    private static readonly JsonShape Filter = JsonShape.Object(
        ("namedShadowNames", JsonShape.List(JsonShape.Text(1, 64, "[$a-zA-Z0-9:_-]+"))),
        ("geoLocations", JsonShape.List(JsonShape.Object(("name", JsonShape.Text()), ("order", JsonShape.Word("LatLon", "LonLat"))))));

    private static readonly JsonShape Things = JsonShape.Object(
        ("thingIndexingMode!", JsonShape.Word("OFF", "REGISTRY", "REGISTRY_AND_SHADOW")),
        ("thingConnectivityIndexingMode", JsonShape.Word("OFF", "STATUS")),
        ("deviceDefenderIndexingMode", JsonShape.Word("OFF", "VIOLATIONS")),
        ("namedShadowIndexingMode", JsonShape.Word("OFF", "ON")),
        ("managedFields", Fields),
        ("customFields", Fields),
        ("filter", Filter));

    private static readonly JsonShape Groups = JsonShape.Object(
        ("thingGroupIndexingMode!", JsonShape.Word("OFF", "ON")), ("managedFields", Fields), ("customFields", Fields));

    public void Get(RestCall call, Utf8JsonWriter output)
    {
        call.RefuseAllBut("GetIndexingConfiguration", []);
        output.WritePropertyName(ThingsMember);
        store.Things.WriteTo(output);
        output.WritePropertyName(GroupsMember);
        store.Groups.WriteTo(output);
    }

    public void Update(RestCall call, Utf8JsonWriter output)
    {
        call.RefuseAllBut("UpdateIndexingConfiguration", []);
        using JsonDocument document = JsonInput.Parse(call.Payload);
        var input = new JsonInput(document.RootElement);
        input.RefuseAllBut("UpdateIndexingConfiguration", [ThingsMember, GroupsMember]);
        JsonElement? things = input.Object(ThingsMember);
        JsonElement? groups = input.Object(GroupsMember);
        string? wrong = (things is { } one ? Things.Wrong(one, ThingsMember) : null) ?? (groups is { } other ? Groups.Wrong(other, GroupsMember) : null);
        if (wrong is not null)
        {
            throw RestCall.Invalid(wrong);
        }

        if (things is { } given && new JsonInput(given).Text("thingIndexingMode") == "OFF" && new JsonInput(given).Text("thingConnectivityIndexingMode") == "STATUS")
        {
            throw RestCall.Invalid("Connectivity is not indexed while thing indexing is off.");
        }

        store.Set(things, groups);
    }
}
