namespace IotOps.Defender.Content;

/// <summary>A report to be encoded, whether it is a <see cref="DefenderReport"/> or still a <see cref="DefenderReportBuilder"/>.</summary>
internal ref struct ReportContent
{
    public required long ReportId { get; init; }

    public required string Version { get; init; }

    public required NetworkStats? NetworkStats { get; init; }

    public required ListContent<EstablishedConnection> TcpConnections { get; init; }

    public required ListContent<ListeningPort> ListeningTcpPorts { get; init; }

    public required ListContent<ListeningPort> ListeningUdpPorts { get; init; }

    public required bool HasEmptyMetrics { get; init; }

    public required Dictionary<string, CustomMetricValue> CustomMetrics { get; init; }

    /// <summary>How many of the four blocks there are.</summary>
    public readonly int Blocks =>
        (NetworkStats is null ? 0 : 1) + (TcpConnections.IsPresent ? 1 : 0) + (ListeningTcpPorts.IsPresent ? 1 : 0) + (ListeningUdpPorts.IsPresent ? 1 : 0);

    public readonly bool HasMetrics => HasEmptyMetrics || Blocks > 0;

    public readonly bool HasCustomMetrics => CustomMetrics.Count > 0;
}
