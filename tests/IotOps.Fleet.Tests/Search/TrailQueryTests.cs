using System.Text;

namespace IotOps.Fleet.Tests.Search;

public sealed class TrailQueryTests
{
    private const string Role = """
        {"eventTime":"2026-01-01T02:03:04Z","eventSource":"iot.amazonaws.com","eventName":"UpdateCertificate","readOnly":false,"errorCode":"UnauthorizedException",
         "userIdentity":{"type":"AssumedRole","principalId":"AROAEXAMPLE0000000001:alice","arn":"arn:aws:sts::123456789012:assumed-role/Deploy/alice",
           "accountId":"123456789012","accessKeyId":"ASIAEXAMPLE000000001","sessionContext":{"sessionIssuer":{"arn":"arn:aws:iam::123456789012:role/Deploy","userName":"Deploy"}}},
         "requestParameters":{"certificateId":"abab","components":{"com.example.Agent":{"componentVersion":"1.0.0"}},"list":[{"x":"deep"}]},
         "responseElements":{"target":"arn:aws:iot:eu-west-1:123456789012:thinggroup/Cores"},
         "resources":[{"type":"AWS::IoT::Thing","ARN":"arn:aws:iot:eu-west-1:123456789012:thing/THING00001"}]}
        """;

    [Theory]
    [InlineData("alice")]
    [InlineData("ALICE")]
    [InlineData("Deploy")]
    [InlineData("arn:aws:sts::123456789012:assumed-role/Deploy/alice")]
    [InlineData("arn:aws:iam::123456789012:role/Deploy")]
    [InlineData("*:assumed-role/Deploy/*")]
    [InlineData("ASIAEXAMPLE000000001")]
    [InlineData("AROAEXAMPLE0000000001:*")]
    [InlineData("123456789012")]
    public void A_caller_is_found_by_each_of_its_names(string who) => Matches(new TrailQuery { Who = who }).ShouldBeTrue();

    [Theory]
    [InlineData("ali")]
    [InlineData("bob")]
    [InlineData("")]
    public void Another_caller_is_not_found(string who) => Matches(new TrailQuery { Who = who }).ShouldBeFalse();

    [Theory]
    [InlineData("UpdateCertificate", true)]
    [InlineData("iot:UpdateCertificate", true)]
    [InlineData("iot:*", true)]
    [InlineData("Update*", true)]
    [InlineData("DeleteThing, update?ertificate", true)]
    [InlineData("greengrass:UpdateCertificate", false)]
    [InlineData("iotwireless:*", false)]
    [InlineData("Update", false)]
    [InlineData(",", false)]
    public void An_API_is_found_by_its_name_with_or_without_its_service(string what, bool isFound) => Matches(new TrailQuery { What = what }).ShouldBe(isFound);

    [Theory]
    [InlineData("THING00001", true)]
    [InlineData("arn:aws:iot:eu-west-1:123456789012:thing/THING00001", true)]
    [InlineData("abab", true)]
    [InlineData("com.example.Agent", true)]
    [InlineData("deep", true)]
    [InlineData("Cores", true)]
    [InlineData("THING", false)]
    [InlineData("THING*", true)]
    public void A_resource_is_found_wherever_the_record_names_it(string on, bool isFound) => Matches(new TrailQuery { On = on }).ShouldBe(isFound);

    [Fact]
    public void A_range_has_its_first_second_and_not_the_one_behind_it()
    {
        DateTimeOffset time = DateTimeOffset.Parse("2026-01-01T02:03:04Z");

        Matches(new TrailQuery { Since = time, Until = time.AddSeconds(1) }).ShouldBeTrue();
        Matches(new TrailQuery { Since = time.AddSeconds(1) }).ShouldBeFalse();
        Matches(new TrailQuery { Until = time }).ShouldBeFalse();
        Matches(new TrailQuery { Since = time.ToOffset(TimeSpan.FromHours(5)) }).ShouldBeTrue();
        Matches(new TrailQuery { Since = time }, """{"eventTime":"yesterday"}""").ShouldBeFalse();
    }

    [Fact]
    public void Changes_and_failures_are_found()
    {
        Matches(new TrailQuery { WritesOnly = true, ErrorsOnly = true }).ShouldBeTrue();
        Matches(new TrailQuery { WritesOnly = true }, """{"readOnly":true}""").ShouldBeFalse();
        Matches(new TrailQuery { WritesOnly = true }, "{}").ShouldBeFalse();
        Matches(new TrailQuery { ErrorsOnly = true }, """{"readOnly":true}""").ShouldBeFalse();
        Matches(new TrailQuery { ErrorsOnly = true }, """{"errorMessage":"Failed authentication"}""").ShouldBeTrue();
    }

    private static bool Matches(TrailQuery query, string json = Role) => query.Matches(CloudTrailRecord.Parse(Encoding.UTF8.GetBytes(json)));
}
