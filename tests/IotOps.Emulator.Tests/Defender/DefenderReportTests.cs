using System.Text;
using System.Text.Json.Nodes;
using IotOps.Emulator.Tests.Mqtt;

namespace IotOps.Emulator.Tests.Defender;

public sealed class DefenderReportTests : MqttTestBase
{
    private const string Json = "$aws/things/t/defender/metrics/json";
    private const string Cbor = "$aws/things/t/defender/metrics/cbor";
    private const string Small = """{"header":{"report_id":1,"version":"1.0"},"metrics":{}}""";

    [Fact]
    public async Task A_report_is_accepted_and_the_next_one_is_throttled_for_300_seconds()
    {
        using RawClient client = await ConnectAsync(Json);

        Same(await ReportAsync(client, Json, Small), """{"thingName":"t","reportId":1,"status":"ACCEPTED","timestamp":1696161600000}""");
        Clock.Advance(TimeSpan.FromSeconds(299));
        JsonNode early = await ReportAsync(client, Json, Small);
        ((string?)early["status"], (string?)early["statusDetails"]!["ErrorCode"], early["reportId"]).ShouldBe(("REJECTED", "Throttled", null));
        Clock.Advance(TimeSpan.FromSeconds(1));
        ((string?)(await ReportAsync(client, Json, Small))["status"]).ShouldBe("ACCEPTED");

        Emulator.Defender.Reports.Select(r => (r.ThingName, r.ReportId, r.ErrorCode)).ShouldBe([("t", 1, null), ("t", 1, "Throttled"), ("t", 1, null)]);
    }

    [Fact]
    public async Task CBOR_is_read_and_answered_in_CBOR()
    {
        using RawClient client = await ConnectAsync(Cbor);

        // {"hed":{"rid":1000,"v":"1.0"},"cmet":{"t":[{"number":21.5}]}}
        await client.SendAsync(Wire.Packet(0x30, [.. Wire.Text(Cbor), .. Wire.Bytes(
            "A2 63 'hed' A2 63 'rid' 19 03 E8 61 'v' 63 '1.0' 64 'cmet' A1 61 't' 81 A1 66 'number' FB 40 35 80 00 00 00 00 00")]));

        await client.ExpectAsync(Wire.Packet(0x30, [.. Wire.Text(Cbor + "/accepted"), .. Wire.Bytes(
            "A4 69 'thingName' 61 't' 68 'reportId' 19 03 E8 66 'status' 68 'ACCEPTED' 69 'timestamp' 1B 00 00 01 8A EB 1C 12 00")]));
        Emulator.Defender.Reports.ShouldHaveSingleItem().Json.ShouldBe("""{"hed":{"rid":1000,"v":"1.0"},"cmet":{"t":[{"number":21.5}]}}""");
    }

    [Theory]
    [InlineData("no json")]
    [InlineData("[]")]
    [InlineData("""{"metrics":{}}""")]
    [InlineData("""{"header":{"report_id":0,"version":"1.0"},"metrics":{}}""")]
    [InlineData("""{"header":{"report_id":1.5,"version":"1.0"},"metrics":{}}""")]
    [InlineData("""{"header":{"report_id":"1","version":"1.0"},"metrics":{}}""")]
    [InlineData("""{"header":{"report_id":1,"version":"1"},"metrics":{}}""")]
    [InlineData("""{"header":{"report_id":1},"metrics":{}}""")]
    [InlineData("""{"header":{"report_id":1,"version":"1.0"}}""")]
    [InlineData("""{"header":{"report_id":1,"version":"1.0"},"metrics":{"network_stats":{"bytes_in":-1}}}""")]
    [InlineData("""{"header":{"report_id":1,"version":"1.0"},"metrics":{"listening_tcp_ports":{"ports":[{"interface":"eth0"}]}}}""")]
    [InlineData("""{"header":{"report_id":1,"version":"1.0"},"metrics":{"listening_udp_ports":{"ports":[{"port":65536}]}}}""")]
    [InlineData("""{"header":{"report_id":1,"version":"1.0"},"metrics":{"listening_tcp_ports":{"ports":[{"port":1},{"port":2}],"total":1}}}""")]
    [InlineData("""{"header":{"report_id":1,"version":"1.0"},"metrics":{"tcp_connections":{"established_connections":{"connections":[{"remote_addr":"10.0.0.1"}]}}}}""")]
    [InlineData("""{"header":{"report_id":1,"version":"1.0"},"custom_metrics":{"cpu":{"number":1}}}""")]
    [InlineData("""{"header":{"report_id":1,"version":"1.0"},"custom_metrics":{"aws:cpu":[{"number":1}]}}""")]
    [InlineData("""{"header":{"report_id":1,"version":"1.0"},"custom_metrics":{"cpu":[{"number":"1"}]}}""")]
    [InlineData("""{"header":{"report_id":1,"version":"1.0"},"custom_metrics":{"ips":[{"ip_list":["x"]}]}}""")]
    public async Task What_is_no_report_is_rejected_without_its_id(string report)
    {
        using RawClient client = await ConnectAsync(Json);

        JsonNode answer = await ReportAsync(client, Json, report);

        ((string?)answer["status"], (string?)answer["statusDetails"]!["ErrorCode"], answer["reportId"]).ShouldBe(("REJECTED", "InvalidPayload", null));
    }

    [Fact]
    public async Task A_full_report_with_long_and_with_short_names_is_accepted()
    {
        using RawClient client = await ConnectAsync(Json);

        ((string?)(await ReportAsync(client, Json, """
            {"header":{"report_id":7,"version":"1.0"},
             "metrics":{"network_stats":{"bytes_in":1,"bytes_out":2,"packets_in":3,"packets_out":4},
              "tcp_connections":{"established_connections":{"connections":[{"remote_addr":"[::1]:80","local_interface":"eth0","local_port":80}],"total":2}},
              "listening_tcp_ports":{"ports":[{"port":22,"interface":"eth0"}],"total":1},"listening_udp_ports":{"ports":[],"total":0}},
             "custom_metrics":{"a":[{"number":-1.5}],"b":[{"number_list":[1]}],"c":[{"string_list":["x"]}],"d":[{"ip_list":["10.0.0.1"]}]}}
            """))["status"]).ShouldBe("ACCEPTED");
        Clock.Advance(TimeSpan.FromSeconds(300));
        ((string?)(await ReportAsync(client, Json, """
            {"hed":{"rid":8,"v":"1.0"},"met":{"ns":{"bi":1},"tc":{"ec":{"cs":[{"rad":"10.0.0.1:80","li":"eth0","lp":80}],"t":2}},"tp":{"pts":[{"pt":22,"if":"eth0"}],"t":1}}}
            """))["status"]).ShouldBe("ACCEPTED");
    }

    [Fact]
    public async Task An_answer_can_be_lost_and_a_report_refused()
    {
        using RawClient client = await ConnectAsync(Json);
        Emulator.Faults.Add(new Fault { Operation = "DefenderReport", When = r => r.ThingName == "t", Times = 1, Status = 500 });
        Emulator.Faults.Add(new Fault { Operation = "DefenderReport", Times = 1, NoAnswer = true });

        ((string?)(await ReportAsync(client, Json, Small))["statusDetails"]!["ErrorCode"]).ShouldBe("InternalFailure");
        await client.SendAsync(Wire.Publish(Json, Small));
        await client.PingAsync();
        (await Emulator.Defender.WaitForAsync("t", 2))[1].ErrorCode.ShouldBeNull();
    }

    private async Task<RawClient> ConnectAsync(string topic)
    {
        RawClient client = await Connect311Async("t");
        await client.SendAsync(Wire.Subscribe(v5: false, 0, topic + "/+"));
        await client.ExpectAsync("90 03 00 01 00");
        return client;
    }

    private static async Task<JsonNode> ReportAsync(RawClient client, string topic, string report)
    {
        await client.SendAsync(Wire.Publish(topic, report));
        string text = Encoding.UTF8.GetString((await client.ReadAsync())!);
        return JsonNode.Parse(text[text.IndexOf('{', StringComparison.Ordinal)..])!;
    }

    private static void Same(JsonNode actual, string expected) => JsonNode.DeepEquals(actual, JsonNode.Parse(expected)).ShouldBeTrue(actual.ToJsonString());
}
