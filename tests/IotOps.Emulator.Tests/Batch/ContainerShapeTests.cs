using System.Text.Json.Nodes;

namespace IotOps.Emulator.Tests.Batch;

/// <summary>What the emulator keeps of a definition without going by it is held against the model all the same.</summary>
public sealed class ContainerShapeTests : BatchTestBase
{
    [Theory]
    [InlineData("""{"volumes":"x"}""", "containerProperties.volumes")]
    [InlineData("""{"volumes":[{"efsVolumeConfiguration":{}}]}""", "efsVolumeConfiguration.fileSystemId")]
    [InlineData("""{"volumes":[{"efsVolumeConfiguration":{"fileSystemId":"f","transitEncryption":"MAYBE"}}]}""", "transitEncryption")]
    [InlineData("""{"ulimits":[{"hardLimit":"9","name":"n","softLimit":1}]}""", "hardLimit")]
    [InlineData("""{"privileged":"yes"}""", "privileged")]
    [InlineData("""{"jobRoleArn":7}""", "jobRoleArn")]
    [InlineData("""{"logConfiguration":{"logDriver":"paper"}}""", "logDriver")]
    [InlineData("""{"logConfiguration":{"logDriver":"awslogs","options":{"a":1}}}""", "options")]
    [InlineData("""{"secrets":[]}""", "secrets")]
    public async Task A_fault_in_what_is_only_kept_is_refused_with_its_place(string container, string place)
    {
        JsonObject properties = JsonNode.Parse(container)!.AsObject();
        properties["image"] = "i";
        var request = new JsonObject { ["jobDefinitionName"] = "d", ["type"] = "container", ["containerProperties"] = properties };

        (int status, string? code, JsonObject answer) = await Client.CallAsync("registerjobdefinition", request.ToJsonString());

        (status, code).ShouldBe((400, "ClientException"));
        ((string?)answer["message"]).ShouldNotBeNull().ShouldContain(place);
    }
}
