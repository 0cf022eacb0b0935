namespace IotOps.Defender.Tests.Collector;

/// <summary>A report in short text, for comparing.</summary>
internal static class Reports
{
    public static DefenderReport Collect(this MetricsCollector collector)
    {
        var builder = new DefenderReportBuilder();
        collector.Collect(builder);
        return builder.Build(1);
    }

    public static string[] Text(this SampledList<EstablishedConnection>? list) =>
        list is null ? ["absent"] : [.. list.Items.Select(static c => $"{c.RemoteAddress}|{c.RemotePort} {c.LocalPort} {c.LocalInterface ?? "-"}")];

    public static string[] Text(this SampledList<ListeningPort>? list) =>
        list is null ? ["absent"] : [.. list.Items.Select(static p => $"{p.Port} {p.Interface ?? "-"}")];
}
