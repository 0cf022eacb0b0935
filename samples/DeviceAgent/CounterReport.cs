using System.Text.Json;
using IotOps.Logs;

namespace IotOps.Samples.DeviceAgent;

/// <summary>What a run has done, for people and for programs.</summary>
/// <param name="counters">The shipper's.</param>
/// <param name="unmatched">MQTT messages that no service took; null without a connection.</param>
internal sealed class CounterReport(LogShipperStatistics counters, long? unmatched)
{
    /// <summary>The counters that matter to an operator; the rarer ones only when they are not zero.</summary>
    public string Line()
    {
        string line = $"{counters.EventsRead} events read, {counters.EventsAccepted} accepted in {counters.Batches} requests";
        (long Count, string What)[] rare =
        [
            (counters.EventsPending, "pending on disk"),
            (counters.EventsFiltered, "left out by the configuration"),
            (counters.EventsRejected, "rejected because of their time"),
            (counters.EventsRetimed, "sent with another time"),
            (counters.EventsQuarantined, "refused and kept in the state directory"),
            (counters.EventsDropped, "dropped, the spool was full"),
            (counters.FilesPending, "files not read whole: unreadable, or held back as copies"),
            (counters.Retries, "requests sent again"),
            (counters.CheckpointFailures, "failed checkpoint writes"),
            (unmatched ?? 0, "MQTT messages that no service took"),
        ];
        foreach ((long count, string what) in rare)
        {
            line += count > 0 ? $", {count} {what}" : "";
        }

        return line;
    }

    /// <summary>All counters as one JSON object and a line end.</summary>
    public void WriteJson(Stream output)
    {
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            json.WriteNumber("eventsRead"u8, counters.EventsRead);
            json.WriteNumber("bytesRead"u8, counters.BytesRead);
            json.WriteNumber("eventsFiltered"u8, counters.EventsFiltered);
            json.WriteNumber("eventsAccepted"u8, counters.EventsAccepted);
            json.WriteNumber("eventsRejected"u8, counters.EventsRejected);
            json.WriteNumber("eventsRetimed"u8, counters.EventsRetimed);
            json.WriteNumber("eventsQuarantined"u8, counters.EventsQuarantined);
            json.WriteNumber("eventsDropped"u8, counters.EventsDropped);
            json.WriteNumber("eventsPending"u8, counters.EventsPending);
            json.WriteNumber("filesPending"u8, counters.FilesPending);
            json.WriteNumber("batches"u8, counters.Batches);
            json.WriteNumber("retries"u8, counters.Retries);
            json.WriteNumber("checkpointFailures"u8, counters.CheckpointFailures);
            if (unmatched is { } messages)
            {
                json.WriteNumber("messagesUnmatched"u8, messages);
            }

            json.WriteEndObject();
        }

        output.Write("\n"u8);
    }
}
