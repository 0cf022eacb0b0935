using System.Buffers;
using System.Text;
using IotOps.Defender;

namespace IotOps.Samples.FleetConsole.Feeds;

/// <summary>Reports to Device Defender as the console keeps them: JSON with long names, whatever the device sent.</summary>
internal static class ReportJson
{
    /// <summary>Reads a report and writes it again; lists that are too long for the service are cut as a device cuts them.</summary>
    /// <param name="report">One whole report; it may come from anywhere.</param>
    /// <param name="format">How it is encoded.</param>
    /// <exception cref="FormatException">It is no report, or one that the service drops.</exception>
    public static string Of(ReadOnlySpan<byte> report, DefenderFormat format)
    {
        if (report.Length > DefenderReport.MaxBytes)
        {
            throw new FormatException($"a report has at most {DefenderReport.MaxBytes} bytes, and this one {report.Length}");
        }

        var json = new ArrayBufferWriter<byte>();
        try
        {
            DefenderReport.Parse(report, format).WriteTo(json, DefenderFormat.Json, DefenderNames.LongNames);
        }
        catch (InvalidOperationException e)
        {
            throw new FormatException($"Device Defender drops this report: {e.Message}", e);
        }

        return Encoding.UTF8.GetString(json.WrittenSpan);
    }
}
