using System.Text;

namespace IotOps.Fleet.Tests.Activity;

public sealed class ActivityTests
{
    [Fact]
    public void A_deployment_says_who_deployed_what_to_which_target_from_where_and_with_which_credentials()
    {
        GreengrassActivity activity = Greengrass("""
            "eventName":"CreateDeployment","eventTime":"2026-01-06T02:38:05Z","awsRegion":"us-west-2","sourceIPAddress":"203.0.113.7","readOnly":false,
            "userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::123456789012:user/operator01","userName":"operator01"},
            "requestParameters":{"targetArn":"arn:aws:iot:us-west-2:123456789012:thinggroup/Cores","deploymentName":"d1",
              "components":{"aws.greengrass.Nucleus":{"componentVersion":"2.12.0"},"com.example.Agent":{}}},
            "responseElements":{"deploymentId":"4196dddc","iotJobId":"j1"}
            """);

        activity.Target.ShouldBe("arn:aws:iot:us-west-2:123456789012:thinggroup/Cores");
        activity.Components.ShouldBe([new GreengrassComponent("aws.greengrass.Nucleus", "2.12.0"), new GreengrassComponent("com.example.Agent", null)]);
        (activity.Deployment, activity.DeploymentName, activity.Job).ShouldBe(("4196dddc", "d1", "j1"));
        (activity.Actor, activity.Credentials, activity.SourceIPAddress).ShouldBe(("arn:aws:iam::123456789012:user/operator01", CloudTrailCredentials.IamUser, "203.0.113.7"));
        (activity.IsWrite, activity.IsDataApi, activity.IsDataEvent).ShouldBe((true, false, false));
    }

    [Theory]
    [InlineData("CancelDeployment", """{"deploymentId":"d1"}""", "null", "d1", null, null, null)]
    [InlineData("DeleteCoreDevice", """{"coreDeviceThingName":"CORE001"}""", "null", null, "CORE001", null, null)]
    [InlineData("UpdateConnectivityInfo", """{"thingName":"CORE001"}""", "null", null, "CORE001", null, null)]
    [InlineData("CreateComponentVersion", "null", """{"arn":"arn:aws:greengrass:eu-west-1:123456789012:components:com.example.Agent:versions:1.2.0","componentName":"com.example.Agent","componentVersion":"1.2.0"}""", null, null, "com.example.Agent", "1.2.0")]
    [InlineData("DeleteComponent", """{"arn":"arn:aws:greengrass:eu-west-1:123456789012:components:com.example.Agent:versions:1.2.0"}""", "null", null, null, "com.example.Agent", "1.2.0")]
    [InlineData("ListComponentVersions", """{"arn":"arn:aws:greengrass:eu-west-1:123456789012:components:com.example.Agent"}""", "null", null, null, "com.example.Agent", null)]
    [InlineData("TagResource", """{"resourceArn":"arn:aws:greengrass:eu-west-1:123456789012:components:com.example.Agent:versions:1.2.0"}""", "null", null, null, "com.example.Agent", "1.2.0")]
    public void Each_call_names_what_it_is_about(string api, string request, string response, string? deployment, string? core, string? component, string? version)
    {
        GreengrassActivity activity = Greengrass($"\"eventName\":\"{api}\",\"requestParameters\":{request},\"responseElements\":{response}");

        (activity.Deployment, activity.CoreDevice).ShouldBe((deployment, core));
        activity.Components.ShouldBe(component is null ? [] : [new GreengrassComponent(component, version)]);
    }

    [Fact]
    public void Client_devices_are_named()
    {
        GreengrassActivity activity = Greengrass("""
            "eventName":"BatchAssociateClientDeviceWithCoreDevice","requestParameters":{"coreDeviceThingName":"CORE001","entries":[{"thingName":"a"},{"thingName":"b"},7]}
            """);

        activity.ClientDevices.ShouldBe(["a", "b"]);
        activity.CoreDevice.ShouldBe("CORE001");
    }

    [Theory]
    [InlineData("GetDeploymentConfiguration", "AWS::GreengrassV2::Deployment", "arn:aws:greengrass:eu-west-1:123456789012:deployments:d1", "d1", null)]
    [InlineData("PutCertificateAuthorities", "AWS::IoT::Thing", "arn:aws:iot:eu-west-1:123456789012:thing/CORE001", null, "CORE001")]
    [InlineData("GetComponentVersionArtifact", "AWS::GreengrassV2::ComponentVersion", "arn:aws:greengrass:eu-west-1:123456789012:components:c:versions:1.0.0", null, null)]
    public void A_data_event_names_its_resource(string api, string type, string arn, string? deployment, string? core)
    {
        GreengrassActivity activity = Greengrass($$"""
            "eventName":"{{api}}","eventCategory":"Data","resources":[{"type":"{{type}}","ARN":"{{arn}}"}]
            """);

        (activity.Deployment, activity.CoreDevice, activity.IsDataApi, activity.IsDataEvent).ShouldBe((deployment, core, true, true));
        GreengrassActivity.DataEvents[api].Contains(type, StringComparer.Ordinal).ShouldBeTrue();
    }

    [Fact]
    public void The_table_of_data_events_and_the_selectors_have_the_same_resource_types() =>
        GreengrassActivity.DataEvents.Values.SelectMany(types => types).Distinct(StringComparer.Ordinal).ShouldBe(EventSelectors.GreengrassTypes, ignoreOrder: true);

    [Theory]
    [InlineData("Root", null, CloudTrailCredentials.Root, false, false)]
    [InlineData("IAMUser", null, CloudTrailCredentials.IamUser, false, false)]
    [InlineData("AssumedRole", null, CloudTrailCredentials.Role, true, false)]
    [InlineData("AssumedRole", "cloudformation.amazonaws.com", CloudTrailCredentials.Role, true, true)]
    [InlineData("FederatedUser", null, CloudTrailCredentials.Federated, true, false)]
    [InlineData("WebIdentityUser", null, CloudTrailCredentials.Federated, true, false)]
    [InlineData("AWSService", "iot.amazonaws.com", CloudTrailCredentials.Service, false, true)]
    [InlineData("AWSAccount", null, CloudTrailCredentials.Account, false, false)]
    [InlineData("SomethingNew", null, CloudTrailCredentials.Unknown, false, false)]
    public void The_three_questions_about_credentials_are_answered(string type, string? invokedBy, CloudTrailCredentials credentials, bool isTemporary, bool isByService)
    {
        string service = invokedBy is null ? "" : $",\"invokedBy\":\"{invokedBy}\"";
        CloudTrailIdentity identity = Greengrass($"\"userIdentity\":{{\"type\":\"{type}\"{service}}}").Identity!;

        (identity.Credentials, identity.IsTemporary, identity.IsByService).ShouldBe((credentials, isTemporary, isByService));
    }

    [Theory]
    [InlineData("UpdateCertificate", """{"certificateId":"abab","newStatus":"INACTIVE"}""", "cert abab INACTIVE")]
    [InlineData("AttachPolicy", """{"policyName":"DevicePolicy","target":"arn:aws:iot:eu-west-1:123456789012:cert/abab"}""", "cert abab policy DevicePolicy")]
    [InlineData("AttachPolicy", """{"policyName":"DevicePolicy","target":"arn:aws:iot:eu-west-1:123456789012:thinggroup/Cores"}""", "policy DevicePolicy group Cores")]
    [InlineData("AttachThingPrincipal", """{"thingName":"THING00001","principal":"arn:aws:iot:eu-west-1:123456789012:cert/abab"}""", "thing THING00001 cert abab")]
    [InlineData("AddThingToThingGroup", """{"thingName":"THING00001","thingGroupName":"Quarantine"}""", "thing THING00001 group Quarantine")]
    [InlineData("AddThingToThingGroup", """{"thingArn":"arn:aws:iot:eu-west-1:123456789012:thing/THING00001","thingGroupArn":"arn:aws:iot:eu-west-1:123456789012:thinggroup/Quarantine"}""", "thing THING00001 group Quarantine")]
    [InlineData("CreateJob", """{"jobId":"j1","targets":["arn:aws:iot:eu-west-1:123456789012:thinggroup/Cores","arn:aws:iot:eu-west-1:123456789012:thing/THING00001"]}""", "thing THING00001 group Cores job j1")]
    [InlineData("CreateTopicRule", """{"ruleName":"r1"}""", "rule r1")]
    [InlineData("DescribeThing", "null", "")]
    public void Each_call_of_AWS_IoT_names_what_it_is_about(string api, string request, string about)
    {
        IotActivity activity = IotActivity.Of(Record($"\"eventSource\":\"iot.amazonaws.com\",\"eventName\":\"{api}\",\"requestParameters\":{request}"))!;

        string?[] parts =
        [
            Part("thing", activity.Thing), Part("cert", activity.Certificate), activity.NewStatus, Part("policy", activity.Policy), Part("group", activity.Group),
            Part("job", activity.Job), Part("rule", activity.Rule),
        ];
        string.Join(' ', parts.OfType<string>()).ShouldBe(about);
    }

    [Fact]
    public void Calls_of_other_services_are_no_activity()
    {
        CloudTrailRecord record = Record("\"eventSource\":\"kms.amazonaws.com\"");

        GreengrassActivity.Of(record).ShouldBeNull();
        IotActivity.Of(record).ShouldBeNull();
        IotActivity.Of(Record("\"eventName\":\"x\"")).ShouldBeNull();
    }

    private static string? Part(string name, string? value) => value is null ? null : $"{name} {value}";

    private static GreengrassActivity Greengrass(string members) => GreengrassActivity.Of(Record($"\"eventSource\":\"greengrass.amazonaws.com\",{members}"))!;

    private static CloudTrailRecord Record(string members) => CloudTrailRecord.Parse(Encoding.UTF8.GetBytes($"{{{members}}}"));
}
