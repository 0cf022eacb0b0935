using System.Text;
using IotOps.TestKit;

namespace IotOps.Defender.Tests.Rules;

/// <summary>One behavior, a clock, and reports about whatever it measures.</summary>
internal sealed class RulesFixture
{
    private long _reportId;

    public RulesFixture(string behaviors, string? stateFile = null, int historyNeeded = 12)
    {
        Options = new SecurityProfileEvaluatorOptions
        {
            ThingName = "THING00001",
            Profile = Profile(behaviors),
            StateFile = stateFile,
            HistoryNeeded = historyNeeded,
            TimeProvider = Clock,
        };
        Evaluator = new SecurityProfileEvaluator(Options);
    }

    public ManualTimeProvider Clock { get; } = new();

    public SecurityProfileEvaluatorOptions Options { get; }

    public SecurityProfileEvaluator Evaluator { get; set; }

    public static SecurityProfile Profile(string behaviors, string name = "Guard") =>
        SecurityProfile.Parse(Encoding.UTF8.GetBytes($$$$"""{"securityProfileName":"{{{{name}}}}","behaviors":[{{{{behaviors}}}}]}"""));

    /// <summary>Five minutes pass, and a report says this.</summary>
    public IReadOnlyList<ViolationEvent> Report(Action<DefenderReportBuilder> fill, int seconds = 300)
    {
        Clock.Advance(TimeSpan.FromSeconds(seconds));
        var builder = new DefenderReportBuilder();
        fill(builder);
        return Evaluator.Evaluate(builder.Build(++_reportId));
    }

    public IReadOnlyList<ViolationEvent> ReportNumber(string metric, double value, int seconds = 300) =>
        Report(b => b.SetCustomMetric(metric, CustomMetricValue.Number(value)), seconds);

    public IReadOnlyList<ViolationEvent> ReportBytesOut(long bytes, int seconds = 300) =>
        Report(b => b.NetworkStats = new NetworkStats(0, bytes, 0, 0), seconds);

    public IReadOnlyList<ViolationEvent> ReportPorts(params int[] ports) =>
        Report(b =>
        {
            b.ListeningTcpPorts.Present();
            foreach (int port in ports)
            {
                b.ListeningTcpPorts.Add(new ListeningPort(port, "eth0"));
            }
        });

    public IReadOnlyList<ViolationEvent> ReportPeers(params string[] addresses) =>
        Report(b =>
        {
            b.TcpConnections.Present();
            foreach (string address in addresses)
            {
                b.TcpConnections.Add(new EstablishedConnection(InternetAddress.Parse(address), 8883));
            }
        });
}
