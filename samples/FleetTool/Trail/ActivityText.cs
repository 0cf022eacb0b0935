using System.Globalization;
using System.Text.Json;
using IotOps.Fleet;

namespace IotOps.Samples.FleetTool.Trail;

/// <summary>An activity for people and for programs.</summary>
internal static class ActivityText
{
    public static string Line(FleetActivity activity)
    {
        string objects = string.Join("  ", Objects(activity).Select(o => $"{o.Name}={o.Value}"));
        string error = activity.Error is { } e ? $"  {e}" : "";
        return TerminalText.Printable(
            $"{Time(activity)}  {activity.EventName}  {activity.Actor ?? "-"} ({activity.Credentials}{(activity.IsFromConsole ? ", console" : "")}) from {activity.SourceIPAddress ?? "-"}  {objects}{error}") + "\n";
    }

    public static void Write(Utf8JsonWriter json, FleetActivity activity)
    {
        json.WriteStartObject();
        json.WriteString("eventId"u8, activity.EventId);
        json.WriteString("time"u8, Time(activity));
        json.WriteString("eventName"u8, activity.EventName);
        json.WriteString("region"u8, activity.Region);
        json.WriteString("actor"u8, activity.Actor);
        json.WriteString("credentials"u8, activity.Credentials.ToString());
        json.WriteBoolean("temporary"u8, activity.Identity?.IsTemporary == true);
        json.WriteBoolean("byService"u8, activity.Identity?.IsByService == true);
        json.WriteString("from"u8, activity.SourceIPAddress);
        json.WriteBoolean("write"u8, activity.IsWrite);
        json.WriteBoolean("console"u8, activity.IsFromConsole);
        json.WriteBoolean("data"u8, activity.IsDataEvent);
        json.WriteString("error"u8, activity.Error);
        foreach (IGrouping<string, string> values in Objects(activity).GroupBy(o => o.Name, o => o.Value, StringComparer.Ordinal))
        {
            json.WriteStartArray(values.Key);
            foreach (string value in values)
            {
                json.WriteStringValue(value);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static IEnumerable<(string Name, string Value)> Objects(FleetActivity activity)
    {
        (string Name, string? Value)[] single = activity switch
        {
            GreengrassActivity g => [("target", g.Target), ("deployment", g.Deployment), ("coreDevice", g.CoreDevice), ("job", g.Job)],
            IotActivity i =>
            [
                ("thing", i.Thing), ("certificate", i.Certificate), ("newStatus", i.NewStatus), ("policy", i.Policy), ("group", i.Group), ("job", i.Job), ("rule", i.Rule),
            ],
            _ => [],
        };
        IEnumerable<(string, string)> components = activity is GreengrassActivity greengrass
            ? [.. greengrass.Components.Select(c => ("component", c.Version is null ? c.Name : $"{c.Name}@{c.Version}")), .. greengrass.ClientDevices.Select(d => ("clientDevice", d))]
            : [];
        return [.. single.Where(o => o.Value is not null).Select(o => (o.Name, o.Value!)), .. components];
    }

    private static string Time(FleetActivity activity) => activity.Time?.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "-";
}
