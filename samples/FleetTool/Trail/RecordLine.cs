using System.Globalization;
using System.Text;
using IotOps.Fleet;

namespace IotOps.Samples.FleetTool.Trail;

/// <summary>A record as one line for people: when, who, what, from where, and how it ended.</summary>
internal static class RecordLine
{
    public static ValueTask WriteAsync(Stream output, CloudTrailRecord record) => output.WriteAsync(Encoding.UTF8.GetBytes(Of(record)));

    private static string Of(CloudTrailRecord record)
    {
        string time = record.EventTime?.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "-";
        string what = record.Insight is { } insight
            ? $"{insight.EventSource}:{insight.EventName} {insight.Type} {insight.State}, {insight.Value:0.###} a minute instead of {insight.Baseline:0.###}"
            : $"{record.EventSource}:{record.EventName}";
        string error = record.Error is { } e ? $"  {e}" : "";
        string revision = record.IsRevision ? "  (completed)" : "";
        return TerminalText.Printable($"{time}  {record.Kind,-15}  {what}  {record.Actor ?? "-"}  {record.SourceIPAddress ?? "-"}{error}{revision}") + "\n";
    }
}
