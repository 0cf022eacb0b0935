using System.Text.Json.Nodes;
using IotOps.Emulator.Tests.DataPlane;

namespace IotOps.Emulator.Tests.ControlPlane;

public sealed class IndexingTests : RegistryTestBase
{
    private const string Search = """{"queryString":"*"}""";

    [Fact]
    public async Task The_index_takes_in_what_its_configuration_says()
    {
        Emulator.Fleet.SetThing("""{"thingName":"t","shadow":{"reported":{"a":1}},"deviceDefender":{"violationCount":1},"connectivity":{"connected":true}}""");
        (await FoundAsync()).ShouldBe(["connectivity", "deviceDefender", "shadow"]);

        await OkAsync("POST", "indexing/config", """{"thingIndexingConfiguration":{"thingIndexingMode":"REGISTRY","thingConnectivityIndexingMode":"STATUS"}}""");

        (await FoundAsync()).ShouldBe(["connectivity"]);
        JsonNode configuration = await OkAsync("GET", "indexing/config");
        configuration["thingIndexingConfiguration"]!.ToJsonString().ShouldBe("""{"thingIndexingMode":"REGISTRY","thingConnectivityIndexingMode":"STATUS"}""");
        ((string?)configuration["thingGroupIndexingConfiguration"]!["thingGroupIndexingMode"]).ShouldBe("OFF");
    }

    [Fact]
    public async Task An_index_that_is_off_is_not_there()
    {
        await OkAsync("POST", "indexing/config", """{"thingIndexingConfiguration":{"thingIndexingMode":"OFF"}}""");

        (await CallAsync("POST", "indices/search", Search)).Error.ShouldBe("ResourceNotFoundException");
        (await CallAsync("POST", "dynamic-thing-groups/g", """{"queryString":"*"}""")).Error.ShouldBe("ResourceNotFoundException");
    }

    [Theory]
    [InlineData("""{"thingIndexingConfiguration":{"thingIndexingMode":"ON"}}""")]
    [InlineData("""{"thingIndexingConfiguration":{"thingConnectivityIndexingMode":"STATUS"}}""")]
    [InlineData("""{"thingIndexingConfiguration":{"thingIndexingMode":"OFF","thingConnectivityIndexingMode":"STATUS"}}""")]
    [InlineData("""{"thingGroupIndexingConfiguration":{"thingGroupIndexingMode":"REGISTRY"}}""")]
    public async Task A_bad_configuration_is_refused(string body)
    {
        DataPlaneReply reply = await CallAsync("POST", "indexing/config", body);

        (reply.Status, reply.Error).ShouldBe((400, "InvalidRequestException"));
        (await CallAsync("POST", "indices/search", Search)).Status.ShouldBe(200);
    }

    private async Task<string[]> FoundAsync()
    {
        JsonNode thing = (await OkAsync("POST", "indices/search", Search))["things"]![0]!;
        return [.. thing.AsObject().Select(member => member.Key).Except(["thingName", "thingId"], StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }
}
