using System.Buffers;
using IotOps.Defender.Content;
using IotOps.Defender.Validation;
using IotOps.Defender.Wire;

namespace IotOps.Defender;

/// <summary>
/// Gathers one report after another in the same memory, so that building and encoding a report allocates nothing but its payload.
/// Not thread-safe.
/// </summary>
public sealed class DefenderReportBuilder
{
    private readonly Dictionary<string, CustomMetricValue> _customMetrics = new(StringComparer.Ordinal);

    /// <summary>What the interfaces carried since the last accepted report; null while there is nothing to compare with.</summary>
    public NetworkStats? NetworkStats { get; set; }

    /// <summary>Established TCP connections.</summary>
    public ReportList<EstablishedConnection> TcpConnections { get; } = new();

    /// <summary>TCP ports that are listened on.</summary>
    public ReportList<ListeningPort> ListeningTcpPorts { get; } = new();

    /// <summary>UDP ports that are listened on.</summary>
    public ReportList<ListeningPort> ListeningUdpPorts { get; } = new();

    /// <summary>As <see cref="DefenderReport.HasEmptyMetrics"/>.</summary>
    public bool HasEmptyMetrics { get; set; }

    /// <summary>Sets a custom metric; its value is reported under this name, which is never shortened.</summary>
    /// <exception cref="ArgumentException">The name is not 1-128 of letters, digits, <c>:</c>, <c>_</c> and <c>-</c>, or begins with <c>aws:</c>.</exception>
    public void SetCustomMetric(string name, CustomMetricValue value) => Set(_customMetrics, name, value);

    /// <summary>Forgets everything, and keeps the memory.</summary>
    public void Clear()
    {
        NetworkStats = null;
        TcpConnections.Omit();
        ListeningTcpPorts.Omit();
        ListeningUdpPorts.Omit();
        HasEmptyMetrics = false;
        _customMetrics.Clear();
    }

    /// <summary>What was gathered so far, as a report of its own that later changes do not touch.</summary>
    public DefenderReport Build(long reportId) => new()
    {
        ReportId = reportId,
        NetworkStats = NetworkStats,
        TcpConnections = Copy(TcpConnections),
        ListeningTcpPorts = Copy(ListeningTcpPorts),
        ListeningUdpPorts = Copy(ListeningUdpPorts),
        HasEmptyMetrics = HasEmptyMetrics,
        CustomMetrics = _customMetrics,
    };

    /// <summary>
    /// Checks and encodes what was gathered so far, without a <see cref="DefenderReport"/> in between and without allocating; otherwise as
    /// <see cref="DefenderReport.WriteTo"/>.
    /// </summary>
    /// <param name="writer">Where the bytes go; nothing is written when the report is refused.</param>
    /// <param name="reportId">Positive, and larger in each report of a device.</param>
    /// <param name="format">JSON or CBOR.</param>
    /// <param name="names">Long or short.</param>
    /// <param name="maxBytes">What the report may have at most, 1,024 or more; <see cref="DefenderReport.MaxBytes"/> by default.</param>
    /// <returns>How many bytes were written.</returns>
    /// <exception cref="InvalidOperationException">The service would drop the report, or what cannot be cut is too long; the message names the element and the rule.</exception>
    public int WriteTo(IBufferWriter<byte> writer, long reportId, DefenderFormat format, DefenderNames names, int maxBytes = DefenderReport.MaxBytes) =>
        ReportEncoder.Write(
            new ReportContent
            {
                ReportId = reportId,
                Version = "1.0",
                NetworkStats = NetworkStats,
                TcpConnections = ListContent<EstablishedConnection>.Of(TcpConnections),
                ListeningTcpPorts = ListContent<ListeningPort>.Of(ListeningTcpPorts),
                ListeningUdpPorts = ListContent<ListeningPort>.Of(ListeningUdpPorts),
                HasEmptyMetrics = HasEmptyMetrics,
                CustomMetrics = _customMetrics,
            },
            writer,
            format,
            names,
            maxBytes);

    internal static void Set(Dictionary<string, CustomMetricValue> metrics, string name, CustomMetricValue value)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(value);
        if (CustomMetricRules.NameError(name) is { } error)
        {
            throw new ArgumentException(error, nameof(name));
        }

        metrics[name] = value;
    }

    private static SampledList<T>? Copy<T>(ReportList<T> list)
        where T : struct => list.IsPresent ? SampledList<T>.Owning(list.Span.ToArray(), list.Count) : null;
}
