using System.Security.Cryptography;
using System.Text.Json.Nodes;
using IotOps.Emulator;
using IotOps.Fleet;
using IotOps.InteropTests.Peers;

namespace IotOps.InteropTests.Emulator;

public sealed class FleetCallTests(InteropPeers peers)
{
    private static readonly DateTimeOffset Today = new(TimeProvider.System.GetUtcNow().UtcDateTime.Date, TimeSpan.Zero);

    [Fact]
    public async Task Boto3_reads_a_fleet_page_by_page_and_its_errors_as_those_of_AWS()
    {
        Peer boto3 = peers.Require("boto3");
        await using AwsEmulator emulator = await StartAsync();
        using RSA key = RSA.Create(2_048);
        string fingerprint = emulator.CloudTrail.AddPublicKey(key, Today.AddDays(-1), Today.AddDays(2));
        string script = Path.Combine(AppContext.BaseDirectory, "Emulator", "boto3_fleet.py");

        JsonNode seen = JsonNode.Parse(await PeerCommand.RunAsync(boto3.Program, [script], EmulatorPeer.Environment(emulator)))!;

        long noon = Today.AddHours(-12).ToUnixTimeSeconds();
        seen["events"]!.ToJsonString().ShouldBe($$"""[["DeleteThing",{{noon + 2}}.0,"false","operator01"],["DeleteThing",{{noon + 1}}.0,"false","operator01"],["DeleteThing",{{noon}}.0,"false","operator01"]]""");
        ((string?)seen["record"], (int)seen["byName"]!).ShouldBe(("e2", 3));
        seen["resources"]!.ToJsonString().ShouldBe("""[{"ResourceType":"AWS::IoT::Thing","ResourceName":"arn:aws:iot:us-east-1:123456789012:thing/THING00001"}]""");
        seen["tooMany"]!.ToJsonString().ShouldBe("""["InvalidLookupAttributesException",400]""");
        seen["keys"]!.ToJsonString().ShouldBe($"""[["{fingerprint}",true]]""");
        seen["things"]!.ToJsonString().ShouldBe("""[["THING00001",77,false],["THING00002",12,false]]""");
        seen["badQuery"]!.ToJsonString().ShouldBe("""["InvalidQueryException",400]""");
        seen["groups"]!.ToJsonString().ShouldBe("""["all","low"]""");
        seen["group"]!.ToJsonString().ShouldBe("""["shadow.reported.battery\u003C20","ACTIVE",1,"arn:aws:iot:us-east-1:123456789012:thinggroup/low"]""");
        seen["members"]!.ToJsonString().ShouldBe("""["THING00002"]""");
        seen["noGroup"]!.ToJsonString().ShouldBe("""["ResourceNotFoundException",404]""");
        seen["findings"]!.ToJsonString().ShouldBe("""[["DEVICE_CERTIFICATE_SHARED_CHECK","CRITICAL",1767225600.5],["LOGGING_DISABLED_CHECK","LOW",1767225601.0]]""");
        seen["badFindings"]!.ToJsonString().ShouldBe("""["InvalidRequestException",400]""");
    }

    [Fact]
    public async Task Aws_cli_looks_events_up_searches_and_lists()
    {
        peers.Require("aws-cli");
        await using AwsEmulator emulator = await StartAsync();

        (await AwsAsync("cloudtrail", "lookup-events", "--page-size", "1", "--query", "Events[].EventId")).ToJsonString().ShouldBe("""["e2","e1","e0"]""");
        (await AwsAsync("iot", "search-index", "--query-string", "thingName:THING0000* AND NOT attributes.site:south", "--query", "things[].thingName")).ToJsonString()
            .ShouldBe("""["THING00001","THING00002"]""");
        (await AwsAsync("iot", "list-things-in-thing-group", "--thing-group-name", "all", "--query", "things")).ToJsonString().ShouldBe("""["THING00001","THING00003"]""");
        (await AwsAsync("iot", "list-audit-findings", "--task-id", "t", "--page-size", "1", "--query", "findings[].severity")).ToJsonString().ShouldBe("""["CRITICAL","LOW"]""");

        async Task<JsonNode> AwsAsync(params string[] arguments) =>
            JsonNode.Parse(await PeerCommand.RunAsync(peers.Require("aws-cli").Program, [.. arguments, "--output", "json"], EmulatorPeer.Environment(emulator)))!;
    }

    private static async Task<AwsEmulator> StartAsync()
    {
        AwsEmulator emulator = await AwsEmulator.StartAsync(new EmulatorOptions
        {
            FleetQuery = text =>
            {
                FleetQuery query = FleetQuery.Parse(text);
                return thing => query.Matches(FleetThing.Read(thing));
            },
        });
        for (int i = 0; i < 3; i++)
        {
            emulator.CloudTrail.AddEvent($$"""
                {"eventVersion":"1.11","eventID":"e{{i}}","eventName":"DeleteThing","eventSource":"iot.amazonaws.com","eventTime":"{{Today.AddHours(-12).AddSeconds(i):yyyy-MM-ddTHH:mm:ssZ}}",
                 "readOnly":false,"userIdentity":{"type":"IAMUser","userName":"operator01"},"resources":[{"type":"AWS::IoT::Thing","ARN":"arn:aws:iot:us-east-1:123456789012:thing/THING00001"}]}
                """);
        }

        emulator.Fleet.SetThingGroup(new EmulatedThingGroup { Name = "all" });
        emulator.Fleet.SetThingGroup(new EmulatedThingGroup { Name = "low", Query = "shadow.reported.battery<20" });
        emulator.Fleet.SetThing(Thing("THING00001", "north", 77, "all"));
        emulator.Fleet.SetThing(Thing("THING00002", "north", 12));
        emulator.Fleet.SetThing(Thing("THING00003", "south", 50, "all"));
        emulator.Fleet.AddAuditFinding("""{"findingId":"1","taskId":"t","checkName":"DEVICE_CERTIFICATE_SHARED_CHECK","severity":"CRITICAL","findingTime":1767225600.5}""");
        emulator.Fleet.AddAuditFinding("""{"findingId":"2","taskId":"t","checkName":"LOGGING_DISABLED_CHECK","severity":"LOW","findingTime":1767225601}""");
        return emulator;
    }

    private static string Thing(string name, string site, int battery, params string[] groups) => new JsonObject
    {
        ["thingName"] = name,
        ["attributes"] = new JsonObject { ["site"] = site },
        ["thingGroupNames"] = new JsonArray([.. groups.Select(group => JsonValue.Create(group))]),
        ["shadow"] = new JsonObject { ["reported"] = new JsonObject { ["battery"] = battery } },
        ["connectivity"] = new JsonObject { ["connected"] = false },
    }.ToJsonString();
}
