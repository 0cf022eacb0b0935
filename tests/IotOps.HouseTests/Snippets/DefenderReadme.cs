using IotOps.Defender;

namespace IotOps.HouseTests.Snippets;

/// <summary>The code of src/IotOps.Defender/README.md.</summary>
internal static class DefenderReadme
{
    public static DefenderReport Build()
    {
        var builder = new DefenderReportBuilder();
        builder.TcpConnections.Add(new EstablishedConnection(InternetAddress.Parse("198.51.100.7"), 8883, LocalPort: 51022, LocalInterface: "eth0"));
        builder.SetCustomMetric("battery", CustomMetricValue.Number(87));
        DefenderReport report = builder.Build(reportId: 1_700_000_000);
        return report;
    }
}
