using System.Buffers;

namespace IotOps.Defender.Tests.Wire;

/// <summary>The committed reports, byte for byte.</summary>
public sealed class VectorTests
{
    private const long Id = 1_700_000_000;

    public static TheoryData<string> Names =>
    [
        "01-empty-long.agent", "01-empty-short.agent", "02-small-long.agent", "03-small-short.spec", "05-custom-number-long.agent",
        "05-custom-number-short.agent", "06-custom-all-long.spec", "07-custom-only-long.spec",
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_report_is_written_as_the_vector_has_it(string vector)
    {
        DefenderReport report = Report(vector);
        DefenderNames names = NamesOf(vector);

        Encoded.Hex(report.Encode(DefenderFormat.Cbor, names)).ShouldBe(Hex(vector));
        report.Json(names).ShouldBe(Json(vector));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_builder_writes_what_its_report_writes(string vector)
    {
        DefenderReportBuilder builder = Fill(vector);
        var target = new ArrayBufferWriter<byte>();

        builder.WriteTo(target, Id, DefenderFormat.Cbor, NamesOf(vector));

        Encoded.Hex(target.WrittenSpan).ShouldBe(Hex(vector));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_vector_is_read_and_written_again_as_it_was(string vector)
    {
        DefenderNames names = NamesOf(vector);
        DefenderReport.Parse(Convert.FromHexString(Hex(vector)), DefenderFormat.Cbor).Json(names).ShouldBe(Json(vector));
        DefenderReport.Parse(File.ReadAllBytes(Path(vector, ".json")), DefenderFormat.Json).Json(names).ShouldBe(Json(vector));
    }

    [Fact]
    public void Every_committed_vector_is_tested() =>
        Directory.EnumerateFiles(System.IO.Path.Combine(AppContext.BaseDirectory, "Vectors"), "*.json")
            .Select(static file => System.IO.Path.GetFileNameWithoutExtension(file)!)
            .Order(StringComparer.Ordinal)
            .ShouldBe(Names.Select(static row => row.Data));

    private static DefenderNames NamesOf(string vector) =>
        vector.Contains("-short", StringComparison.Ordinal) ? DefenderNames.ShortNames : DefenderNames.LongNames;

    private static string Hex(string vector) => File.ReadAllText(Path(vector, ".cbor.hex")).Trim();

    private static string Json(string vector) => File.ReadAllText(Path(vector, ".json")).Trim();

    private static string Path(string vector, string extension) => System.IO.Path.Combine(AppContext.BaseDirectory, "Vectors", vector + extension);

    private static DefenderReport Report(string vector) => Fill(vector).Build(Id);

    private static DefenderReportBuilder Fill(string vector)
    {
        var report = new DefenderReportBuilder();
        switch (vector[..2])
        {
            case "01":
                report.HasEmptyMetrics = true;
                break;
            case "02" or "03":
                report.NetworkStats = new NetworkStats(30_680, 10_652, 113, 118);
                report.TcpConnections.Add(new EstablishedConnection(InternetAddress.Parse("192.168.0.1"), 8000, 80, "eth0"));
                report.TcpConnections.Add(new EstablishedConnection(InternetAddress.Parse("192.168.0.1"), 8001, 80, "eth0"));
                report.ListeningTcpPorts.Add(new ListeningPort(24_800, "eth0"));
                report.ListeningTcpPorts.Add(new ListeningPort(22, "eth0"));
                report.ListeningTcpPorts.Add(new ListeningPort(53));
                report.ListeningUdpPorts.Add(new ListeningPort(5353, "eth0"));
                report.ListeningUdpPorts.Add(new ListeningPort(67, "0.0.0.0"));
                break;
            case "05":
                report.HasEmptyMetrics = true;
                report.NetworkStats = vector.Contains("-long", StringComparison.Ordinal) ? new NetworkStats(1, 2, 1, 2) : null;
                report.SetCustomMetric("cpu_usage", CustomMetricValue.Number(26.1));
                break;
            case "06":
                report.NetworkStats = new NetworkStats(1, 2, 1, 2);
                report.SetCustomMetric("MyMetricOfType_Number", CustomMetricValue.Number(1));
                report.SetCustomMetric("MyMetricOfType_NumberList", CustomMetricValue.NumberList([1, -2, 3.5]));
                report.SetCustomMetric("MyMetricOfType_StringList", CustomMetricValue.StringList(["value_1", "value_2"]));
                report.SetCustomMetric("MyMetricOfType_IpList", CustomMetricValue.IpList(
                    [InternetAddress.Parse("172.0.0.0"), InternetAddress.Parse("172.0.0.10"), InternetAddress.Parse("2001:db8::1")]));
                break;
            default:
                report.SetCustomMetric("batteryPercentage", CustomMetricValue.Number(87));
                break;
        }

        return report;
    }
}
