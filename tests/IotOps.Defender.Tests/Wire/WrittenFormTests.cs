using System.Text;

namespace IotOps.Defender.Tests.Wire;

public sealed class WrittenFormTests
{
    [Theory]
    [InlineData(0, "0", "00")]
    [InlineData(1, "1", "01")]
    [InlineData(23, "23", "17")]
    [InlineData(24, "24", "1818")]
    [InlineData(255, "255", "18ff")]
    [InlineData(256, "256", "190100")]
    [InlineData(65_535, "65535", "19ffff")]
    [InlineData(65_536, "65536", "1a00010000")]
    [InlineData(4_294_967_295, "4294967295", "1affffffff")]
    [InlineData(4_294_967_296, "4294967296", "1b0000000100000000")]
    [InlineData(999_999_999_999_999, "999999999999999", "1b00038d7ea4c67fff")]
    [InlineData(-1, "-1", "20")]
    [InlineData(-24, "-24", "37")]
    [InlineData(-25, "-25", "3818")]
    [InlineData(-256, "-256", "38ff")]
    [InlineData(-257, "-257", "390100")]
    [InlineData(3.5, "3.5", "fb400c000000000000")]
    [InlineData(26.1, "26.1", "fb403a19999999999a")]
    [InlineData(-0.5, "-0.5", "fbbfe0000000000000")]
    [InlineData(0.00001, "1E-05", "fb3ee4f8b588e368f1")]
    public void A_number_is_an_integer_when_it_has_no_fraction_and_eight_bytes_otherwise(double value, string json, string cbor)
    {
        DefenderReport report = Encoded.Custom("n", CustomMetricValue.Number(value));

        report.Json().ShouldBe("""{"header":{"report_id":1,"version":"1.0"},"custom_metrics":{"n":[{"number":""" + json + "}]}}");
        Encoded.Hex(report.Encode(DefenderFormat.Cbor, DefenderNames.ShortNames))
            .ShouldBe("a263686564a263726964016176" + "63312e30" + "64636d6574a1616e81a1666e756d626572" + cbor);
    }

    [Fact]
    public void Negative_zero_is_written_as_zero() =>
        Encoded.Custom("n", CustomMetricValue.Number(-0.0)).Json().ShouldBe(Encoded.Custom("n", CustomMetricValue.Number(0)).Json());

    [Fact]
    public void An_ipv6_peer_is_written_in_brackets_and_an_absent_member_not_at_all()
    {
        var report = new DefenderReport
        {
            ReportId = 7,
            TcpConnections = new SampledList<EstablishedConnection>(
                new List<EstablishedConnection>
                {
                    new(InternetAddress.Parse("2001:db8::1"), 443),
                    new(InternetAddress.Parse("::ffff:192.0.2.1"), 443, LocalPort: 5),
                    new(InternetAddress.Parse("192.0.2.1"), 443, LocalInterface: "e"),
                },
                total: 9),
        };

        report.Json(DefenderNames.ShortNames).ShouldBe(
            """{"hed":{"rid":7,"v":"1.0"},"met":{"tc":{"ec":{"cs":[{"rad":"[2001:db8::1]:443"},{"rad":"192.0.2.1:443","lp":5},{"rad":"192.0.2.1:443","li":"e"}],"t":9}}}}""");
    }

    [Fact]
    public void An_empty_list_is_written_and_an_absent_one_is_not()
    {
        var builder = new DefenderReportBuilder();
        builder.ListeningUdpPorts.Present();

        builder.Build(3).Json().ShouldBe("""{"header":{"report_id":3,"version":"1.0"},"metrics":{"listening_udp_ports":{"ports":[],"total":0}}}""");
    }

    [Fact]
    public void What_json_escapes_in_an_interfaces_name_is_escaped()
    {
        var report = new DefenderReport { ReportId = 1, ListeningTcpPorts = new SampledList<ListeningPort>(new List<ListeningPort> { new(1, "a\"b\\ü") }, 1) };

        report.Json().ShouldContain("""
            "interface":"a\"b\\ü"
            """.Trim());
    }

    [Fact]
    public void A_text_longer_than_any_buffer_comes_out_whole()
    {
        string text = string.Concat(Enumerable.Range(0, 3000).Select(static i => i + "."));
        DefenderReport report = Encoded.Custom("s", CustomMetricValue.StringList([text, "x"]));

        foreach ((DefenderFormat format, DefenderNames names) in Encoded.Ways)
        {
            byte[] bytes = report.Encode(format, names);
            Encoding.UTF8.GetString(bytes).ShouldContain(text);
            DefenderReport.Parse(bytes, format).CustomMetrics["s"].Strings.ShouldBe([text, "x"]);
        }
    }
}
