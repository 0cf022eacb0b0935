using System.Buffers;
using IotOps.Defender.Tests.Wire;

namespace IotOps.Defender.Tests;

public sealed class ValidationTests
{
    [Theory]
    [InlineData("cpu_usage")]
    [InlineData("a:b-C_9")]
    [InlineData("aws")]
    public void A_custom_metrics_name_may_have_letters_digits_and_three_signs(string name) =>
        Should.NotThrow(() => new DefenderReportBuilder().SetCustomMetric(name, CustomMetricValue.Number(1)));

    [Theory]
    [InlineData("", "'' has 0")]
    [InlineData("cpu usage", "'cpu usage' has a character other than")]
    [InlineData("cpu.usage", "'cpu.usage' has a character other than")]
    [InlineData("cpü", "'cpü' has a character other than")]
    [InlineData("aws:cpu", "'aws:cpu' begins with 'aws:'")]
    public void Another_name_is_refused_by_builder_and_report(string name, string complaint)
    {
        Should.Throw<ArgumentException>(() => new DefenderReportBuilder().SetCustomMetric(name, CustomMetricValue.Number(1))).Message.ShouldContain(complaint);
        Should.Throw<ArgumentException>(() => Encoded.Custom(name, CustomMetricValue.Number(1))).Message.ShouldContain(complaint);
    }

    [Fact]
    public void A_name_has_128_characters_at_most()
    {
        var builder = new DefenderReportBuilder();
        builder.SetCustomMetric(new string('x', 128), CustomMetricValue.Number(1));
        Should.Throw<ArgumentException>(() => builder.SetCustomMetric(new string('x', 129), CustomMetricValue.Number(1))).Message.ShouldContain("has 129");
    }

    [Theory]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.PositiveInfinity, "finite")]
    [InlineData(double.NegativeInfinity, "finite")]
    [InlineData(1e15, "more than 15 digits")]
    [InlineData(-1e15, "more than 15 digits")]
    [InlineData(999_999_999_999_999.9, "more than 15 digits")]
    public void A_number_that_the_service_would_drop_is_refused(double value, string complaint)
    {
        Should.Throw<ArgumentException>(() => CustomMetricValue.Number(value)).Message.ShouldContain(complaint);
        Should.Throw<ArgumentException>(() => CustomMetricValue.NumberList([1, value])).Message.ShouldContain(complaint);
    }

    [Theory]
    [InlineData(33.333333333333336, 33.3333333333333)]
    [InlineData(0.30000000000000004, 0.3)]
    [InlineData(99_999_999_999_999.96, 100_000_000_000_000)]
    [InlineData(-2.0 / 3, -0.66666666666667)]
    [InlineData(1e-15, 0)]
    [InlineData(26.1, 26.1)]
    public void A_fraction_is_rounded_to_what_15_digits_hold(double value, double kept)
    {
        CustomMetricValue.Number(value).Numbers.ShouldBe([kept]);
        kept.ToString("R").Count(char.IsAsciiDigit).ShouldBeLessThanOrEqualTo(15);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("ä")]
    [InlineData("a\"")]
    public void A_string_with_other_characters_is_refused(string text) =>
        Should.Throw<ArgumentException>(() => CustomMetricValue.StringList(["ok:_-/.", text])).Message.ShouldContain("Device Defender drops it");

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void A_report_id_is_positive(long id) =>
        Refusal(static _ => { }, id).ShouldBe($"The report cannot be sent: header.report_id is {id}; it is a positive integer, larger in each report of a device.");

    [Fact]
    public void A_report_has_metrics_or_custom_metrics() => Refusal(static builder => builder.Clear()).ShouldContain("neither metrics nor custom_metrics");

    [Fact]
    public void A_version_is_major_and_minor() =>
        Should.Throw<InvalidOperationException>(() => new DefenderReport { ReportId = 1, HasEmptyMetrics = true, Version = "1" }.Json()).Message.ShouldContain("header.version is '1'");

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(65_536)]
    public void A_port_is_1_to_65535(int port)
    {
        Refusal(builder => builder.ListeningUdpPorts.Add(new ListeningPort(port))).ShouldContain($"metrics.listening_udp_ports.ports[1].port is {port}; a port is 1-65535.");
        Refusal(builder => builder.ListeningTcpPorts.Add(new ListeningPort(port))).ShouldContain($"metrics.listening_tcp_ports.ports[0].port is {port}; a port is 1-65535.");
        Refusal(builder => builder.TcpConnections.Add(new EstablishedConnection(default, port))).ShouldContain($"connections[0].remote_addr has port {port}");
        Refusal(builder => builder.TcpConnections.Add(new EstablishedConnection(default, 1, port))).ShouldContain($"connections[0].local_port is {port}");
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\nb")]
    [InlineData("half a character: ")]
    public void An_interfaces_name_is_text(string name)
    {
        // The attribute cannot carry one.
        name = name.StartsWith("half", StringComparison.Ordinal) ? name + '\ud800' : name;
        Refusal(builder => builder.ListeningTcpPorts.Add(new ListeningPort(1, name))).ShouldContain("metrics.listening_tcp_ports.ports[0].interface cannot be sent");
        Refusal(builder => builder.TcpConnections.Add(new EstablishedConnection(default, 1, 1, name))).ShouldContain("connections[0].local_interface cannot be sent");
    }

    [Fact]
    public void A_delta_is_not_negative() =>
        Refusal(static builder => builder.NetworkStats = new NetworkStats(1, 1, -5, 1)).ShouldContain("metrics.network_stats.packets_in is -5");

    private static string Refusal(Action<DefenderReportBuilder> break_, long id = 1)
    {
        var builder = new DefenderReportBuilder();
        builder.ListeningUdpPorts.Add(new ListeningPort(1));
        break_(builder);
        var target = new ArrayBufferWriter<byte>();
        string message = Should.Throw<InvalidOperationException>(() => builder.WriteTo(target, id, DefenderFormat.Json, DefenderNames.LongNames)).Message;
        target.WrittenCount.ShouldBe(0);
        return message;
    }
}
