using System.Text.Json;
using IotOps.Fleet;

namespace IotOps.Samples.FleetTool.Trail;

/// <summary>How often each API was called.</summary>
internal sealed class EventCounts
{
    private readonly Dictionary<(string Source, string Name), long> _counts = [];

    public void Add(CloudTrailRecord record)
    {
        if (!record.IsRevision)
        {
            (string, string) key = (record.EventSource ?? "", record.EventName ?? "");
            _counts[key] = _counts.GetValueOrDefault(key) + 1;
        }
    }

    public void Print(TextWriter output)
    {
        foreach (((string source, string name), long count) in Sorted())
        {
            output.WriteLine($"{count,10}  {source}  {name}");
        }
    }

    public void WriteTo(Utf8JsonWriter json)
    {
        json.WriteStartArray("events"u8);
        foreach (((string source, string name), long count) in Sorted())
        {
            json.WriteStartObject();
            json.WriteString("eventSource"u8, source);
            json.WriteString("eventName"u8, name);
            json.WriteNumber("count"u8, count);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private IEnumerable<KeyValuePair<(string Source, string Name), long>> Sorted() =>
        _counts.OrderByDescending(entry => entry.Value).ThenBy(entry => entry.Key.Source, StringComparer.Ordinal).ThenBy(entry => entry.Key.Name, StringComparer.Ordinal);
}
