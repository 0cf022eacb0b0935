using System.Text.Json;
using IotOps.Samples.FleetConsole.Store;

namespace IotOps.Samples.FleetConsole.Pages.Devices;

/// <summary>The numbers of a report to Device Defender.</summary>
/// <param name="Id">The report's id; null when it says none.</param>
/// <param name="Metrics">Names and values; a list counts its items.</param>
public sealed record ReportView(string? Id, IReadOnlyList<(string Name, string Value)> Metrics)
{
    private const int MaxMetrics = 40;

    /// <summary>Reads a report; null when it is none.</summary>
    public static ReportView? Of(DeviceDocument document)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(document.Json);
            JsonElement root = json.RootElement;
            string? id = Member(root, "header") is { } header && Member(header, "report_id") is { } number ? number.ToString() : null;
            List<(string, string)> metrics = [];
            foreach (string part in (string[])["metrics", "custom_metrics"])
            {
                if (Member(root, part) is { } found)
                {
                    Add(metrics, "", found);
                }
            }

            return metrics.Count == 0 ? null : new ReportView(id, metrics);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static JsonElement? Member(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement value) ? value : null;

    private static void Add(List<(string Name, string Value)> metrics, string path, JsonElement element)
    {
        if (metrics.Count >= MaxMetrics)
        {
            return;
        }

        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (JsonProperty member in element.EnumerateObject())
                {
                    Add(metrics, path.Length == 0 ? member.Name : $"{path}.{member.Name}", member.Value);
                }

                break;
            case JsonValueKind.Array:
                metrics.Add((path, $"{element.GetArrayLength()} listed"));
                break;
            default:
                metrics.Add((path, element.ToString()));
                break;
        }
    }
}
