using System.Text.Json.Nodes;

namespace IotOps.Emulator.Tests.Logs;

public sealed class MetricFilterTests : LogsTestBase
{
    [Fact]
    public async Task A_filter_publishes_the_member_that_it_names_with_its_dimensions_and_unit()
    {
        await PutAsync("{ $.level = ERROR }", """{"metricName":"latency","metricNamespace":"Pumps","metricValue":"$.ms","unit":"Milliseconds","dimensions":{"Site":"$.site"}}""");

        await Client.PutAsync("g", "s",
            (Now, """{"level":"ERROR","ms":12.5,"site":"north"}"""), (Now, """{"level":"INFO","ms":1,"site":"north"}"""),
            (Now, """{"level":"ERROR","ms":"none","site":"north"}"""), (Now, """{"level":"ERROR","ms":3}"""));

        ReceivedMetricValue value = Emulator.Logs.MetricValues.ShouldHaveSingleItem();
        (value.Namespace, value.Name, value.Value, value.Unit, value.FilterName, value.LogGroup).ShouldBe(("Pumps", "latency", 12.5, "Milliseconds", "f", "g"));
        value.Dimensions["Site"].ShouldBe("north");
        value.Timestamp.ToUnixTimeMilliseconds().ShouldBe(Now);
    }

    [Fact]
    public async Task A_number_counts_events_and_the_default_stands_for_a_call_without_any()
    {
        await PutAsync("ERROR", """{"metricName":"errors","metricNamespace":"Pumps","metricValue":"1","defaultValue":0}""");

        await Client.PutAsync("g", "s", (Now, "fine"));
        await Client.PutAsync("g", "s", (Now, "ERROR a"), (Now, "fine"), (Now, "ERROR b"));

        Emulator.Logs.MetricValues.Select(v => v.Value).ShouldBe([0, 1, 1]);
    }

    [Fact]
    public async Task A_field_of_text_is_named_by_the_pattern()
    {
        await PutAsync("[ip, ..., status=4*, size]", """{"metricName":"bytes","metricNamespace":"Web","metricValue":"$size"}""");

        await Client.PutAsync("g", "s", (Now, "127.0.0.1 - [a b] 404 1534"), (Now, "127.0.0.1 - 200 7"));

        Emulator.Logs.MetricValues.Select(v => v.Value).ShouldBe([1534]);
    }

    [Fact]
    public async Task A_deleted_filter_publishes_nothing_and_a_group_shows_how_many_it_has()
    {
        await PutAsync("", """{"metricName":"a","metricNamespace":"N","metricValue":"1"}""");
        ((int)(await Client.CallAsync("DescribeLogGroups", "{}")).Result["logGroups"]![0]!["metricFilterCount"]!).ShouldBe(1);
        JsonNode described = (await Client.CallAsync("DescribeMetricFilters", """{"metricName":"a","metricNamespace":"N"}""")).Result["metricFilters"]!.AsArray().ShouldHaveSingleItem()!;
        ((string?)described["metricTransformations"]![0]!["metricValue"], (string?)described["logGroupName"]).ShouldBe(("1", "g"));

        await Client.CallAsync("DeleteMetricFilter", """{"logGroupName":"g","filterName":"f"}""");
        await Client.PutAsync("g", "s", (Now, "a"));

        Emulator.Logs.MetricValues.ShouldBeEmpty();
        (await Client.CallAsync("DeleteMetricFilter", """{"logGroupName":"g","filterName":"f"}""")).Code.ShouldBe("ResourceNotFoundException");
    }

    [Theory]
    [InlineData("ERROR", """{"metricName":"a","metricNamespace":"N","metricValue":"$.x"}""")]
    [InlineData("[a, b]", """{"metricName":"a","metricNamespace":"N","metricValue":"$c"}""")]
    [InlineData("{ $.a = 1 }", """{"metricName":"a","metricNamespace":"N","metricValue":"$.["}""")]
    [InlineData("", """{"metricName":"a","metricNamespace":"N","metricValue":"many"}""")]
    [InlineData("", """{"metricName":"a:b","metricNamespace":"N","metricValue":"1"}""")]
    [InlineData("", """{"metricName":"a","metricNamespace":"N","metricValue":"1","unit":"Apples"}""")]
    [InlineData("{ $.a = 1 }", """{"metricName":"a","metricNamespace":"N","metricValue":"1","defaultValue":0,"dimensions":{"D":"$.a"}}""")]
    [InlineData("{ $.a = 1 }", """{"metricName":"a","metricNamespace":"N","metricValue":"1","dimensions":{"D":"fixed"}}""")]
    [InlineData("{ $.a = }", """{"metricName":"a","metricNamespace":"N","metricValue":"1"}""")]
    public async Task A_filter_that_could_publish_nothing_is_refused(string pattern, string transformation)
    {
        LogsAnswer answer = await CallAsync(pattern, transformation);

        (answer.Status, answer.Code).ShouldBe((400, "InvalidParameterException"));
    }

    [Fact]
    public async Task A_pattern_is_tried_on_messages_and_shows_what_it_takes_from_them()
    {
        LogsAnswer text = await Client.CallAsync("TestMetricFilter", new JsonObject
        {
            ["filterPattern"] = "[ip, user, request, status=4*]",
            ["logEventMessages"] = new JsonArray("10.0.0.1 frank \"GET /a b\" 200", "10.0.0.2 - \"GET /c\" 404"),
        });
        LogsAnswer json = await Client.CallAsync("TestMetricFilter", """{"filterPattern":"{ ($.a.b = 1) || ($.c = x) }","logEventMessages":["{\"a\":{\"b\":1}}","{}"]}""");

        JsonNode match = text.Result["matches"]!.AsArray().ShouldHaveSingleItem()!;
        ((int)match["eventNumber"]!).ShouldBe(1);
        match["extractedValues"]!.ToJsonString().ShouldBe("""{"$ip":"10.0.0.2","$user":"-","$request":"GET /c","$status":"404"}""");
        json.Result["matches"]!.AsArray().ShouldHaveSingleItem()!["extractedValues"]!.ToJsonString().ShouldBe("""{"$.a.b":"1"}""");
    }

    private async Task PutAsync(string pattern, string transformation) => (await CallAsync(pattern, transformation)).Status.ShouldBe(200);

    private Task<LogsAnswer> CallAsync(string pattern, string transformation) => Client.CallAsync("PutMetricFilter", new JsonObject
    {
        ["logGroupName"] = "g",
        ["filterName"] = "f",
        ["filterPattern"] = pattern,
        ["metricTransformations"] = new JsonArray(JsonNode.Parse(transformation)),
    });
}
