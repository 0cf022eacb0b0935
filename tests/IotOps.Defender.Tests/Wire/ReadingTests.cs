using System.Text;

namespace IotOps.Defender.Tests.Wire;

public sealed class ReadingTests
{
    private const string Header = """{"header":{"report_id":1,"version":"1.0"},""";

    [Theory]
    [InlineData("""{}""", "The header is missing")]
    [InlineData("""{"header":{"report_id":1},"metrics":{}}""", "no version")]
    [InlineData("""{"header":{"version":"1.0"},"metrics":{}}""", "no report_id")]
    [InlineData("""{"header":{"report_id":0,"version":"1.0"},"metrics":{}}""", "'report_id' is no positive integer")]
    [InlineData("""{"header":{"report_id":1.5,"version":"1.0"},"metrics":{}}""", "'report_id' is no integer")]
    [InlineData("""{"header":{"report_id":"1","version":"1.0"},"metrics":{}}""", "'report_id' is no integer")]
    [InlineData("""{"header":{"report_id":1,"version":"1"},"metrics":{}}""", "'version' is not Major.Minor")]
    [InlineData("""{"header":{"report_id":1,"version":"1.0"}}""", "neither metrics nor custom_metrics")]
    [InlineData("""{"header":{"report_id":1,"version":"1.0"},"hed":{}}""", "'hed' is there twice")]
    [InlineData("""{"header":{"report_id":1,"rid":2,"version":"1.0"}}""", "'rid' is there twice")]
    [InlineData("""{"header":[]}""", "'header' is no object")]
    [InlineData(Header + """ "metrics":{"network_stats":{"bytes_in":-1}}}""", "'bytes_in' is negative")]
    [InlineData(Header + """ "metrics":{"network_stats":{"bytes_in":99999999999999999999}}}""", "'bytes_in' is no integer")]
    [InlineData(Header + """ "metrics":{"tcp_connections":{"established_connections":{"connections":[{}]}}}}""", "no remote_addr")]
    [InlineData(Header + """ "metrics":{"tcp_connections":{"established_connections":{"connections":[{"remote_addr":"10.0.0.1"}]}}}}""", "'remote_addr' is no ADDRESS:PORT")]
    [InlineData(Header + """ "metrics":{"tcp_connections":{"established_connections":{"connections":[{"remote_addr":"10.0.0.1:0"}]}}}}""", "'remote_addr' is no ADDRESS:PORT")]
    [InlineData(Header + """ "metrics":{"tcp_connections":{"established_connections":{"connections":[{"remote_addr":"host:80"}]}}}}""", "'remote_addr' is no ADDRESS:PORT")]
    [InlineData(Header + """ "metrics":{"tcp_connections":{"established_connections":{"connections":[{"remote_addr":"10.0.0.1:1","local_port":65536}]}}}}""", "'local_port' is no port")]
    [InlineData(Header + """ "metrics":{"tcp_connections":{"established_connections":{"connections":[{"remote_addr":"10.0.0.1:1"}],"total":0}}}}""", "'total' is 0, and 1 are listed")]
    [InlineData(Header + """ "metrics":{"listening_tcp_ports":{"ports":[{"interface":"eth0"}]}}}""", "no port")]
    [InlineData(Header + """ "metrics":{"listening_tcp_ports":{"ports":[{"port":1,"interface":""}]}}}""", "'interface' names no interface")]
    [InlineData(Header + """ "metrics":{"listening_tcp_ports":{"ports":5}}}""", "'ports' is no list")]
    [InlineData(Header + """ "custom_metrics":{"aws:x":[{"number":1}]}}""", "begins with 'aws:'")]
    [InlineData(Header + """ "custom_metrics":{"x y":[{"number":1}]}}""", "'x y' has a character")]
    [InlineData(Header + """ "custom_metrics":{"x":{"number":1}}}""", "'x' is no list")]
    [InlineData(Header + """ "custom_metrics":{"x":[]}}""", "'x' has no value")]
    [InlineData(Header + """ "custom_metrics":{"x":[{"number":1},{"number":2}]}}""", "'x' has more than one value")]
    [InlineData(Header + """ "custom_metrics":{"x":[{"number":1}],"x":[{"number":2}]}}""", "'x' is there twice")]
    [InlineData(Header + """ "custom_metrics":{"x":[{"count":1}]}}""", "'count' is no type")]
    [InlineData(Header + """ "custom_metrics":{"x":[{"number":1e15}]}}""", "more than 15 digits")]
    [InlineData(Header + """ "custom_metrics":{"x":[{"number":1e999}]}}""", "'number'|finite")]
    [InlineData(Header + """ "custom_metrics":{"x":[{"string_list":["a b"]}]}}""", "'a b'")]
    [InlineData(Header + """ "custom_metrics":{"x":[{"ip_list":["10.1"]}]}}""", "'ip_list' has an entry that is no address")]
    [InlineData(Header + """ "metrics":{}} {}""", "no JSON|more bytes")]
    [InlineData("[1", "no object")]
    [InlineData("", "no JSON|too early")]
    [InlineData("{\"header\":{\"report_id\":1,\"version\":\"\\ud800.0\"},\"metrics\":{}}", "no UTF-8|not Major.Minor")]
    public void What_is_no_report_is_refused_by_naming_the_element(string json, string complaint)
    {
        string message = Should.Throw<FormatException>(() => Json(json)).Message;
        complaint.Split('|').ShouldContain(part => message.Contains(part, StringComparison.Ordinal), message);
    }

    [Theory]
    [InlineData("", "too early|no map")]
    [InlineData("80", "no map")]
    [InlineData("a1", "name cannot be read")]
    [InlineData("a163686564", "'hed' is no map")]
    [InlineData("bf63686564", "'hed' is no map")]
    [InlineData("a16368656400", "'hed' is no map")]
    [InlineData("a1630102", "name cannot be read")]
    [InlineData("a17b7fffffffffffffff00", "name cannot be read")]
    [InlineData("bbffffffffffffffff", "longer than any report")]
    [InlineData("bb7fffffffffffffff61780061780061", "name cannot be read")]
    [InlineData("a163686564a1637269641bffffffffffffffff", "'rid' is no integer")]
    [InlineData("a163686564a163726964f4", "'rid' is no integer")]
    [InlineData("a163686564a1617662c328", "'v' is no UTF-8")]
    [InlineData("a163686564a161767f61316130ff", "'v' is no text")]
    [InlineData("a16178ff", "'x' is not well-formed")]
    [InlineData("a161781c", "'x' is not well-formed")]
    public void Hostile_cbor_is_refused(string hex, string complaint)
    {
        string message = Should.Throw<FormatException>(() => DefenderReport.Parse(Convert.FromHexString(hex), DefenderFormat.Cbor)).Message;
        complaint.Split('|').ShouldContain(part => message.Contains(part, StringComparison.Ordinal), message);
    }

    [Theory]
    [InlineData("81")]
    [InlineData("9f")]
    [InlineData("a16161")]
    [InlineData("c1")]
    public void Nesting_without_end_does_not_overflow_the_stack(string level)
    {
        string hex = "a16178" + string.Concat(Enumerable.Repeat(level, 200_000)) + "00";
        Should.Throw<FormatException>(() => DefenderReport.Parse(Convert.FromHexString(hex), DefenderFormat.Cbor));
        Should.Throw<FormatException>(() => Json("""{"x":""" + new string('[', 200_000)));
    }

    [Fact]
    public void Members_that_are_not_known_are_stepped_over_in_both_formats()
    {
        DefenderReport json = Json("""{"a":[{"b":{}}],"header":{"report_id":5,"more":null,"version":"1.0"},"metrics":{"new":{"x":[1,2.5,"s",true]},"network_stats":{"bytes_in":1}}}""");
        json.NetworkStats.ShouldBe(new NetworkStats(1, 0, 0, 0));

        // {"a": [{"b": {}}, h'00', undefined, 1.5_1, 1(7)], "hed": {"rid": 5, "v": "1.0"}, "met": {"x": [_ {_ "y": -1}], "up": {}}}
        DefenderReport cbor = DefenderReport.Parse(
            Convert.FromHexString("bf616185a16162a04100f7f93e00c10763686564a26372696405617663312e30636d6574a261789fbf617920ffff627570a0ff"), DefenderFormat.Cbor);
        cbor.ReportId.ShouldBe(5);
        cbor.ListeningUdpPorts!.Total.ShouldBe(0);
        cbor.HasEmptyMetrics.ShouldBeFalse();
    }

    [Fact]
    public void The_mixture_of_names_that_the_python_agent_sends_is_read()
    {
        DefenderReport report = Json("""
            {"hed":{"rid":9,"v":"1.0"},"met":{"up":{"pts":[{"port":67,"interface":"eth0"}],"t":4},
             "tc":{"ec":{"cs":[{"rad":"::1:8883"},{"rad":"[::1]:443","lp":1,"li":"lo"}]}}}}
            """);

        report.ListeningUdpPorts!.Items.ShouldBe([new ListeningPort(67, "eth0")]);
        report.ListeningUdpPorts.Total.ShouldBe(4);
        report.TcpConnections!.Items.ShouldBe(
        [
            new EstablishedConnection(InternetAddress.Parse("::1"), 8883),
            new EstablishedConnection(InternetAddress.Parse("::1"), 443, 1, "lo"),
        ]);
        report.TcpConnections.Total.ShouldBe(2);
    }

    [Fact]
    public void Escaped_names_are_the_names_they_stand_for() =>
        Json("""{"h\u0065ader":{"report_id":1,"version":"1.0"},"custom_metrics":{"\u0061":[{"numb\u0065r":1}]}}""").CustomMetrics.Keys.ShouldBe(["a"]);

    private static DefenderReport Json(string text) => DefenderReport.Parse(Encoding.UTF8.GetBytes(text), DefenderFormat.Json);
}
