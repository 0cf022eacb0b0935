using System.Buffers;
using System.Text;
using System.Text.Json;

namespace IotOps.Defender.Tests.Rules;

public sealed class BehaviorParsingTests
{
    [Theory]
    [InlineData("""{"name":"a","metric":"aws:all-bytes-out","criteria":{"comparisonOperator":"less-than","value":{"count":4096},"durationSeconds":300,"consecutiveDatapointsToAlarm":2,"consecutiveDatapointsToClear":3},"suppressAlerts":true}""")]
    [InlineData("""{"name":"b","metric":"aws:all-packets-in","criteria":{"comparisonOperator":"greater-than-equals","durationSeconds":900,"consecutiveDatapointsToAlarm":1,"consecutiveDatapointsToClear":1,"statisticalThreshold":{"statistic":"p99.9"}}}""")]
    [InlineData("""{"name":"c","metric":"aws:destination-ip-addresses","criteria":{"comparisonOperator":"not-in-cidr-set","value":{"cidrs":["12.8.0.0/16","2001:db8::/32"]},"consecutiveDatapointsToAlarm":1,"consecutiveDatapointsToClear":1}}""")]
    [InlineData("""{"name":"d","metric":"aws:listening-udp-ports","criteria":{"comparisonOperator":"in-port-set","value":{"ports":[53,5353]},"consecutiveDatapointsToAlarm":1,"consecutiveDatapointsToClear":1}}""")]
    [InlineData("""{"name":"e","metric":"states","criteria":{"comparisonOperator":"in-set","value":{"strings":["x"]},"consecutiveDatapointsToAlarm":1,"consecutiveDatapointsToClear":1}}""")]
    [InlineData("""{"name":"f","metric":"levels","criteria":{"comparisonOperator":"not-in-set","value":{"numbers":[1,2.5]},"consecutiveDatapointsToAlarm":1,"consecutiveDatapointsToClear":1},"alarmWhen":"criteria-met"}""")]
    public void A_behavior_reads_and_writes_as_the_same_text(string json)
    {
        Behavior behavior = Behavior.Parse(Encoding.UTF8.GetBytes(json));
        var written = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(written))
        {
            behavior.WriteTo(writer);
        }

        Encoding.UTF8.GetString(written.WrittenSpan).ShouldBe(json);
    }

    [Fact]
    public void What_the_cli_prints_is_read_as_it_is()
    {
        SecurityProfile profile = SecurityProfile.Parse(
            """
            {
                "securityProfileName": "CpuUsageIssue",
                "securityProfileArn": "arn:aws:iot:us-east-1:123456789012:securityprofile/CpuUsageIssue",
                "behaviors": [
                    {
                        "name": "great-than-75", "metric": "cpu_usage",
                        "criteria": { "comparisonOperator": "greater-than", "value": { "count": "75" }, "consecutiveDatapointsToAlarm": 5, "consecutiveDatapointsToClear": 1 }
                    }
                ],
                "version": 1, "creationDate": 1583447442.235, "lastModifiedDate": 1583447442.235
            }
            """u8.ToArray());
        profile.Name.ShouldBe("CpuUsageIssue");
        Behavior behavior = profile.Behaviors.ShouldHaveSingleItem();
        behavior.Criteria.Value.ShouldNotBeNull().Count.ShouldBe(75, "CloudFormation writes counts as strings");
        behavior.Criteria.ConsecutiveDatapointsToAlarm.ShouldBe(5);
        behavior.AlarmWhen.ShouldBe(AlarmWhen.CriteriaNotMet);
    }

    [Theory]
    [InlineData("""{"metric":"m","criteria":C}""", "behavior.name is missing")]
    [InlineData("""{"name":"n","criteria":C}""", "behavior.metric is missing")]
    [InlineData("""{"name":"n","metric":"m"}""", "behavior.criteria is missing")]
    [InlineData("""{"name":"a b","metric":"m","criteria":C}""", "1-128 of a-z")]
    [InlineData("""{"name":"n","metric":"aws:num-messages-sent","criteria":C}""", "aws:num-messages-sent is not measured on the device")]
    [InlineData("""{"name":"n","metric":"m","criteria":C,"metricDimension":{}}""", "metricDimension")]
    [InlineData("""{"name":"n","metric":"m","criteria":C,"supressAlerts":true}""", "supressAlerts is not known; known are name, metric")]
    [InlineData("""{"name":"n","metric":"m","criteria":C,"alarmWhen":"met"}""", "'criteria-met', not 'met'")]
    [InlineData("""{"name":"n","metric":"m","criteria":{"value":{"count":1}}}""", "comparisonOperator is missing")]
    [InlineData("""{"name":"n","metric":"m","criteria":{"comparisonOperator":"greater","value":{"count":1}}}""", "greater-than-equals")]
    [InlineData("""{"name":"n","metric":"m","criteria":{"comparisonOperator":"less-than"}}""", "either a value or a statisticalThreshold")]
    [InlineData("""{"name":"n","metric":"m","criteria":{"comparisonOperator":"less-than","value":{"count":1,"number":2}}}""", "just count or number")]
    [InlineData("""{"name":"n","metric":"m","criteria":{"comparisonOperator":"less-than","value":{"ports":[1]}}}""", "just count or number")]
    [InlineData("""{"name":"n","metric":"m","criteria":{"comparisonOperator":"less-than","value":{"count":-1}}}""", "0 or more")]
    [InlineData("""{"name":"n","metric":"m","criteria":{"comparisonOperator":"less-than","value":{"count":1},"consecutiveDatapointsToAlarm":11}}""", "ToAlarm is 1-10, not 11")]
    [InlineData("""{"name":"n","metric":"m","criteria":{"comparisonOperator":"less-than","value":{"count":1},"consecutiveDatapointsToClear":0}}""", "ToClear is 1-10, not 0")]
    [InlineData("""{"name":"n","metric":"m","criteria":{"comparisonOperator":"less-than","value":{"count":1},"durationSeconds":60}}""", "300, 600, 900, 1800 or 3600")]
    [InlineData("""{"name":"n","metric":"m","criteria":{"comparisonOperator":"less-than","statisticalThreshold":{"statistic":"p101"}}}""", "'p101'")]
    [InlineData("""{"name":"n","metric":"m","criteria":{"comparisonOperator":"less-than","mlDetectionConfig":{"confidenceLevel":"HIGH"}}}""", "mlDetectionConfig")]
    [InlineData("""{"name":"n","metric":"m","criteria":{"comparisonOperator":"in-set","value":{"strings":["a"]},"durationSeconds":300}}""", "not for lists")]
    [InlineData("""{"name":"n","metric":"aws:listening-tcp-ports","criteria":{"comparisonOperator":"in-set","value":{"numbers":[1]}}}""", "in-port-set or not-in-port-set")]
    [InlineData("""{"name":"n","metric":"aws:listening-tcp-ports","criteria":{"comparisonOperator":"in-port-set","value":{"ports":[65536]}}}""", "0-65535")]
    [InlineData("""{"name":"n","metric":"aws:destination-ip-addresses","criteria":{"comparisonOperator":"in-cidr-set","value":{"cidrs":["10.0.0.0/33"]}}}""", "'10.0.0.0/33' is no CIDR")]
    [InlineData("""[]""", "behavior is an object")]
    [InlineData("""{""", "no JSON")]
    public void What_cannot_be_evaluated_is_refused_with_its_place_and_rule(string json, string message)
    {
        string text = json.Replace(":C", """:{"comparisonOperator":"less-than","value":{"count":1}}""", StringComparison.Ordinal);
        Should.Throw<FormatException>(() => Behavior.Parse(Encoding.UTF8.GetBytes(text))).Message.ShouldContain(message);
    }

    [Fact]
    public void A_profiles_error_names_the_behavior_by_its_place()
    {
        byte[] json = """{"securityProfileName":"p","behaviors":[{"name":"n","metric":"m","criteria":{"comparisonOperator":"less-than","value":{"count":1}}},{"name":"x"}]}"""u8.ToArray();
        Should.Throw<FormatException>(() => SecurityProfile.Parse(json)).Message.ShouldStartWith("behaviors[1].");
    }

    [Theory]
    [InlineData("""{"behaviors":[]}""", "securityProfileName")]
    [InlineData("""{"securityProfileName":"p"}""", "'behaviors'")]
    [InlineData("""7""", "'behaviors'")]
    public void A_text_that_is_no_profile_is_refused(string json, string message) =>
        Should.Throw<FormatException>(() => SecurityProfile.Parse(Encoding.UTF8.GetBytes(json))).Message.ShouldContain(message);
}
