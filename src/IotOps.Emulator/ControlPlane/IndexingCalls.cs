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

    private static readonly (string Member, string[] Modes)[] ThingModes =
    [
        ("thingIndexingMode", ["OFF", "REGISTRY", "REGISTRY_AND_SHADOW"]),
        ("thingConnectivityIndexingMode", ["OFF", "STATUS"]),
        ("deviceDefenderIndexingMode", ["OFF", "VIOLATIONS"]),
        ("namedShadowIndexingMode", ["OFF", "ON"]),
    ];

    private static readonly (string Member, string[] Modes)[] GroupModes = [("thingGroupIndexingMode", ["OFF", "ON"])];

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
        JsonElement? things = input.Object(ThingsMember);
        JsonElement? groups = input.Object(GroupsMember);
        Check(things, ThingModes);
        Check(groups, GroupModes);
        if (things is { } given && new JsonInput(given).Text("thingIndexingMode") == "OFF" && new JsonInput(given).Text("thingConnectivityIndexingMode") == "STATUS")
        {
            throw RestCall.Invalid("Connectivity is not indexed while thing indexing is off.");
        }

        store.Set(things, groups);
    }

    private static void Check(JsonElement? configuration, (string Member, string[] Modes)[] rules)
    {
        if (configuration is not { } given)
        {
            return;
        }

        var input = new JsonInput(given);
        for (int i = 0; i < rules.Length; i++)
        {
            (string member, string[] modes) = rules[i];
            string? mode = input.Text(member);
            if (mode is null ? i == 0 : !modes.Contains(mode, StringComparer.Ordinal))
            {
                throw RestCall.Invalid($"The {member} is {string.Join(", ", modes)}, not '{mode}'.");
            }
        }
    }
}
