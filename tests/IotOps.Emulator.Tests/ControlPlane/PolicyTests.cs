using System.Text.Json.Nodes;
using IotOps.Emulator.Tests.DataPlane;

namespace IotOps.Emulator.Tests.ControlPlane;

public sealed class PolicyTests : RegistryTestBase
{
    [Fact]
    public async Task A_policy_is_attached_listed_from_both_sides_and_detached()
    {
        (_, string arn) = await CertificateAsync();
        await PolicyAsync("deny");
        await PolicyAsync("device");
        await OkAsync("PUT", "target-policies/deny", Target(arn));
        await OkAsync("PUT", "target-policies/device", Target(arn));
        await OkAsync("PUT", "target-policies/device", Target(arn));

        string attached = $"attached-policies/{Uri.EscapeDataString(arn)}";
        DataPlaneReply first = await CallAsync("POST", attached + "?pageSize=1");
        DataPlaneReply second = await CallAsync("POST", attached + $"?pageSize=1&marker={Uri.EscapeDataString((string)first.Body["nextMarker"]!)}");

        Names(first, "policies", "policyName").ShouldBe(["deny"]);
        Names(second, "policies", "policyName").ShouldBe(["device"]);
        Names(await CallAsync("POST", "policy-targets/deny"), "targets").ShouldBe([arn]);
        ((string?)(await OkAsync("GET", "policies/deny"))["policyDocument"]).ShouldBe(DenyAll);

        await OkAsync("POST", "target-policies/deny", Target(arn));
        await OkAsync("POST", "target-policies/deny", Target(arn));
        Names(await CallAsync("POST", attached), "policies", "policyName").ShouldBe(["device"]);
    }

    [Fact]
    public async Task A_group_has_its_own_policies_and_with_recursive_those_above_it()
    {
        await OkAsync("POST", "thing-groups/all");
        JsonNode north = await OkAsync("POST", "thing-groups/north", """{"parentGroupName":"all"}""");
        await PolicyAsync("deny");
        await PolicyAsync("site");
        await OkAsync("PUT", "target-policies/deny", Target("arn:aws:iot:us-east-1:123456789012:thinggroup/all"));
        await OkAsync("PUT", "target-policies/site", Target((string)north["thingGroupArn"]!));

        string attached = $"attached-policies/{Uri.EscapeDataString((string)north["thingGroupArn"]!)}";

        Names(await CallAsync("POST", attached), "policies", "policyName").ShouldBe(["site"]);
        Names(await CallAsync("POST", attached + "?recursive=true"), "policies", "policyName").ShouldBe(["deny", "site"]);
    }

    [Fact]
    public async Task An_eleventh_policy_is_refused()
    {
        (_, string arn) = await CertificateAsync();
        for (int i = 0; i < 11; i++)
        {
            await PolicyAsync($"p{i}");
        }

        for (int i = 0; i < 10; i++)
        {
            await OkAsync("PUT", $"target-policies/p{i}", Target(arn));
        }

        DataPlaneReply reply = await CallAsync("PUT", "target-policies/p10", Target(arn));
        (reply.Status, reply.Error).ShouldBe((410, "LimitExceededException"));
    }

    [Theory]
    [InlineData("POST", "policies/deny", """{"policyDocument":"{\"Statement\":[]}"}""", 409, "ResourceAlreadyExistsException")]
    [InlineData("POST", "policies/new", """{"policyDocument":"{"}""", 400, "MalformedPolicyException")]
    [InlineData("POST", "policies/new", """{"policyDocument":"[]"}""", 400, "MalformedPolicyException")]
    [InlineData("POST", "policies/new", "{}", 400, "InvalidRequestException")]
    [InlineData("POST", "policies/a%20b", """{"policyDocument":"{\"Statement\":[]}"}""", 400, "InvalidRequestException")]
    [InlineData("GET", "policies/none", "", 404, "ResourceNotFoundException")]
    [InlineData("PUT", "target-policies/none", """{"target":"ARN"}""", 404, "ResourceNotFoundException")]
    [InlineData("PUT", "target-policies/deny", """{"target":"arn:aws:iot:us-east-1:123456789012:cert/00"}""", 404, "ResourceNotFoundException")]
    [InlineData("PUT", "target-policies/deny", """{"target":"arn:aws:iot:us-east-1:123456789012:thing/t"}""", 400, "InvalidRequestException")]
    [InlineData("PUT", "target-policies/deny", "{}", 400, "InvalidRequestException")]
    [InlineData("POST", "policy-targets/none", "", 404, "ResourceNotFoundException")]
    public async Task A_bad_call_is_refused(string method, string path, string body, int status, string error)
    {
        (_, string arn) = await CertificateAsync();
        await PolicyAsync("deny");

        DataPlaneReply reply = await CallAsync(method, path, body.Replace("ARN", arn, StringComparison.Ordinal));

        (reply.Status, reply.Error).ShouldBe((status, error), reply.Message);
    }
}
