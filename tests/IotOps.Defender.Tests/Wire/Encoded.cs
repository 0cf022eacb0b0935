using System.Buffers;
using System.Text;

namespace IotOps.Defender.Tests.Wire;

/// <summary>A report's bytes in one call.</summary>
internal static class Encoded
{
    public static readonly (DefenderFormat Format, DefenderNames Names)[] Ways =
    [
        (DefenderFormat.Json, DefenderNames.LongNames),
        (DefenderFormat.Json, DefenderNames.ShortNames),
        (DefenderFormat.Cbor, DefenderNames.LongNames),
        (DefenderFormat.Cbor, DefenderNames.ShortNames),
    ];

    public static byte[] Encode(this DefenderReport report, DefenderFormat format, DefenderNames names, int maxBytes = DefenderReport.MaxBytes)
    {
        var target = new ArrayBufferWriter<byte>();
        report.WriteTo(target, format, names, maxBytes).ShouldBe(target.WrittenCount);
        return target.WrittenSpan.ToArray();
    }

    public static string Json(this DefenderReport report, DefenderNames names = DefenderNames.LongNames) =>
        Encoding.UTF8.GetString(report.Encode(DefenderFormat.Json, names));

    public static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexString(bytes).ToLowerInvariant();

    public static DefenderReport Custom(string name, CustomMetricValue value) =>
        new() { ReportId = 1, CustomMetrics = new Dictionary<string, CustomMetricValue>(StringComparer.Ordinal) { [name] = value } };
}
