using IotOps.Emulator.Tests.DataPlane;

namespace IotOps.Emulator.Tests.ControlPlane;

public sealed class MembershipTests : RegistryTestBase
{
    private const string Add = "thing-groups/addThingToThingGroup";
    private const string Remove = "thing-groups/removeThingFromThingGroup";

    [Fact]
    public async Task A_thing_comes_into_a_group_once_and_leaves_it()
    {
        await OkAsync("POST", "things/t");
        await OkAsync("POST", "thing-groups/quarantine");

        await OkAsync("PUT", Add, """{"thingGroupName":"quarantine","thingName":"t"}""");
        await OkAsync("PUT", Add, """{"thingGroupArn":"arn:aws:iot:us-east-1:123456789012:thinggroup/quarantine","thingArn":"arn:aws:iot:us-east-1:123456789012:thing/t"}""");

        Names(await CallAsync("GET", "things/t/thing-groups"), "thingGroups", "groupName").ShouldBe(["quarantine"]);
        Names(await CallAsync("GET", "thing-groups/quarantine/things"), "things").ShouldBe(["t"]);

        await OkAsync("PUT", Remove, """{"thingGroupName":"quarantine","thingName":"t"}""");
        await OkAsync("PUT", Remove, """{"thingGroupName":"quarantine","thingName":"t"}""");
        Names(await CallAsync("GET", "things/t/thing-groups"), "thingGroups", "groupName").ShouldBeEmpty();
    }

    [Fact]
    public async Task A_thing_in_ten_groups_comes_into_no_other_unless_a_dynamic_one_gives_way()
    {
        await OkAsync("POST", "things/t");
        await OkAsync("POST", "dynamic-thing-groups/low", """{"queryString":"name:t"}""");
        for (int i = 0; i < 11; i++)
        {
            await OkAsync("POST", $"thing-groups/g{i}");
        }

        for (int i = 0; i < 9; i++)
        {
            await OkAsync("PUT", Add, $$"""{"thingGroupName":"g{{i}}","thingName":"t"}""");
        }

        DataPlaneReply refused = await CallAsync("PUT", Add, """{"thingGroupName":"g9","thingName":"t"}""");
        (refused.Status, refused.Error).ShouldBe((400, "InvalidRequestException"));
        Names(await CallAsync("GET", "things/t/thing-groups?maxResults=10"), "thingGroups", "groupName").Length.ShouldBe(10);

        await OkAsync("PUT", Add, """{"thingGroupName":"g9","thingName":"t","overrideDynamicGroups":true}""");
        (await CallAsync("PUT", Add, """{"thingGroupName":"g10","thingName":"t","overrideDynamicGroups":true}""")).Error.ShouldBe("InvalidRequestException");
    }

    [Fact]
    public async Task Two_groups_of_one_hierarchy_do_not_have_the_same_thing()
    {
        await OkAsync("POST", "things/t");
        await OkAsync("POST", "thing-groups/all");
        await OkAsync("POST", "thing-groups/north", """{"parentGroupName":"all"}""");
        await OkAsync("POST", "thing-groups/south", """{"parentGroupName":"all"}""");
        await OkAsync("PUT", Add, """{"thingGroupName":"north","thingName":"t"}""");

        (await CallAsync("PUT", Add, """{"thingGroupName":"south","thingName":"t"}""")).Error.ShouldBe("InvalidRequestException");
    }

    [Theory]
    [InlineData(Add, """{"thingGroupName":"none","thingName":"t"}""", 404, "ResourceNotFoundException")]
    [InlineData(Add, """{"thingGroupName":"g","thingName":"none"}""", 404, "ResourceNotFoundException")]
    [InlineData(Remove, """{"thingGroupName":"none","thingName":"t"}""", 404, "ResourceNotFoundException")]
    [InlineData(Add, """{"thingGroupName":"g"}""", 400, "InvalidRequestException")]
    [InlineData(Add, """{"thingGroupName":"low","thingName":"t"}""", 400, "InvalidRequestException")]
    [InlineData(Add, """{"thingGroupName":"g","thingGroupArn":"arn:aws:iot:us-east-1:123456789012:thinggroup/h","thingName":"t"}""", 400, "InvalidRequestException")]
    public async Task A_bad_call_is_refused(string path, string body, int status, string error)
    {
        await OkAsync("POST", "things/t");
        await OkAsync("POST", "thing-groups/g");
        await OkAsync("POST", "dynamic-thing-groups/low", """{"queryString":"name:none"}""");

        DataPlaneReply reply = await CallAsync("PUT", path, body);

        (reply.Status, reply.Error).ShouldBe((status, error), reply.Message);
    }
}
