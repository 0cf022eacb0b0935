using System.Buffers;
using IotOps.Defender.Content;
using IotOps.Defender.Wire;

namespace IotOps.Defender;

/// <summary>
/// One Device Defender metrics report: what a device says about itself. Immutable. An absent (null) block was not measured; an empty list
/// says there are none. See https://docs.aws.amazon.com/iot-device-defender/latest/devguide/detect-device-side-metrics.html.
/// </summary>
public sealed class DefenderReport
{
    /// <summary>Bytes a report may have: the payload of an AWS IoT Core message.</summary>
    public const int MaxBytes = 128 * 1024;

    private readonly Dictionary<string, CustomMetricValue> _customMetrics = new(StringComparer.Ordinal);

    /// <summary>Positive, and larger in each report of a device.</summary>
    public required long ReportId { get; init; }

    /// <summary>The report format's <c>Major.Minor</c>.</summary>
    public string Version { get; init; } = "1.0";

    /// <summary>What the interfaces carried since the last accepted report.</summary>
    public NetworkStats? NetworkStats { get; init; }

    /// <summary>Established TCP connections.</summary>
    public SampledList<EstablishedConnection>? TcpConnections { get; init; }

    /// <summary>TCP ports that are listened on.</summary>
    public SampledList<ListeningPort>? ListeningTcpPorts { get; init; }

    /// <summary>UDP ports that are listened on.</summary>
    public SampledList<ListeningPort>? ListeningUdpPorts { get; init; }

    /// <summary>
    /// Whether a report without any of the four blocks still has an (empty) <c>metrics</c> object, as AWS's Python agent writes it. Without it
    /// such a report has custom metrics alone.
    /// </summary>
    public bool HasEmptyMetrics { get; init; }

    /// <summary>Custom metrics by name, in the order they are written; what is set here is copied.</summary>
    /// <exception cref="ArgumentException">A name is not 1-128 of letters, digits, <c>:</c>, <c>_</c> and <c>-</c>, or begins with <c>aws:</c>.</exception>
    public IReadOnlyDictionary<string, CustomMetricValue> CustomMetrics
    {
        get => _customMetrics;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            foreach (KeyValuePair<string, CustomMetricValue> metric in value)
            {
                DefenderReportBuilder.Set(_customMetrics, metric.Key, metric.Value);
            }
        }
    }

    /// <summary>Reads a report; long and short names alike, members that this version does not know are skipped.</summary>
    /// <param name="report">One whole report and nothing else; it may come from anywhere.</param>
    /// <param name="format">How it is encoded, which the last level of its topic says.</param>
    /// <exception cref="FormatException">It is no report; the message names the element and what is wrong with it.</exception>
    public static DefenderReport Parse(ReadOnlySpan<byte> report, DefenderFormat format) => ReportParser.Parse(report, format);

    /// <summary>
    /// Checks and encodes the report. One of more than <paramref name="maxBytes"/> lists fewer connections and ports, spread evenly over each
    /// list (and the same ones each time), while the totals stay true.
    /// </summary>
    /// <param name="writer">Where the bytes go; nothing is written when the report is refused.</param>
    /// <param name="format">JSON or CBOR.</param>
    /// <param name="names">Long or short.</param>
    /// <param name="maxBytes">What the report may have at most, 1,024 or more; <see cref="MaxBytes"/> by default.</param>
    /// <returns>How many bytes were written.</returns>
    /// <exception cref="InvalidOperationException">The service would drop the report, or what cannot be cut is too long; the message names the element and the rule.</exception>
    public int WriteTo(IBufferWriter<byte> writer, DefenderFormat format, DefenderNames names, int maxBytes = MaxBytes) =>
        ReportEncoder.Write(
            new ReportContent
            {
                ReportId = ReportId,
                Version = Version,
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
}
