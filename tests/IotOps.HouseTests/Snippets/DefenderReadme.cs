using System.Buffers;
using IotOps.Defender;
using IotOps.Mqtt;

namespace IotOps.HouseTests.Snippets;

/// <summary>The code of src/IotOps.Defender/README.md.</summary>
internal static class DefenderReadme
{
    public static async Task Report(IMqttConnection connection)
    {
        var collector = new MetricsCollector(new MetricsCollectorOptions
        {
            BuiltIn = [BuiltInMetrics.CpuUsage, BuiltInMetrics.MemoryUsage],
            StateFile = "/var/lib/my-agent/defender/baseline",
        });
        collector.RegisterMetric("battery", () => ReadBattery());

        await using var publisher = new DefenderPublisher(new DefenderPublisherOptions
        {
            Connection = connection,
            ThingName = "THING00001",
            Collector = collector,
            StateDirectory = "/var/lib/my-agent/defender",
            Format = DefenderFormat.Cbor,
            Names = DefenderNames.ShortNames,
            OnRejected = rejection => Console.WriteLine($"{rejection.ReportId}: {rejection.Code} {rejection.Message}"),
        });
        publisher.Start(); // a report every 5 minutes, the shortest that AWS takes
    }

    public static DefenderPublisherOptions ToTheTeam(DefenderPublisherOptions options)
    {
        DefenderPublisherOptions toTheTeam = options with { Topic = "fleet/{thing}/defender" };
        return toTheTeam;
    }

    public static DefenderPublisherOptions Watch(DefenderPublisherOptions options)
    {
        var evaluator = new SecurityProfileEvaluator(new SecurityProfileEvaluatorOptions
        {
            ThingName = "THING00001",
            Profile = SecurityProfile.Parse(File.ReadAllBytes("/etc/my-agent/security-profile.json")),
            StateFile = "/var/lib/my-agent/defender/alarms",
        });
        DefenderPublisherOptions watched = options with
        {
            OnReport = report =>
            {
                foreach (ViolationEvent violation in evaluator.Evaluate(report))
                {
                    Console.WriteLine($"{violation.Type}: {violation.Behavior.Name}");
                }
            },
        };
        return watched;
    }

    public static void Build()
    {
        var builder = new DefenderReportBuilder();
        builder.TcpConnections.Add(new EstablishedConnection(InternetAddress.Parse("198.51.100.7"), 8883, LocalPort: 51022, LocalInterface: "eth0"));
        builder.SetCustomMetric("battery", CustomMetricValue.Number(87));
        var payload = new ArrayBufferWriter<byte>();
        builder.WriteTo(payload, reportId: 1_700_000_000, DefenderFormat.Cbor, DefenderNames.ShortNames);

        DefenderReport report = DefenderReport.Parse(payload.WrittenSpan, DefenderFormat.Cbor); // long and short names alike
        Console.WriteLine($"{report.TcpConnections?.Total} connections");
    }

    private static double? ReadBattery() => 87;
}
