using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using IotOps.Defender;

namespace IotOps.Detect.Evaluating;

/// <summary>Alarms as Detect's notifications, with a member <c>why</c> of ours.</summary>
internal static class AlarmText
{
    // SNS carries 256 KB; a device may have thousands of connections.
    private const int MostItems = 100;

    /// <summary>The same for the same datapoint, whoever judges it and how often.</summary>
    public static string ViolationId(string thing, WatchedBehavior behavior, in Datapoint datapoint)
    {
        string origin = datapoint.Report > 0 ? $"report {datapoint.Report}" : $"window {datapoint.Time}";
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{thing}\0{behavior.Profile}\0{behavior.Key:x16}\0{origin}")));
        return Convert.ToHexStringLower(hash.AsSpan(0, 16));
    }

    public static StoredAlarm Changed(
        string thing, WatchedBehavior behavior, string id, ViolationEventType type, in Datapoint datapoint, double? threshold, FleetStatistics? statistics)
    {
        var violation = new ViolationEvent
        {
            ViolationId = id,
            ThingName = thing,
            SecurityProfileName = behavior.Profile,
            Behavior = behavior.Behavior,
            MetricValue = behavior.Test.ToValue(Short(datapoint.Value)),
            Type = type,
            Time = DateTimeOffset.FromUnixTimeMilliseconds(datapoint.Time),
        };
        Datapoint judged = datapoint;
        return Write(violation, type == ViolationEventType.InAlarm ? "in-alarm" : "alarm-cleared", json => Why(json, behavior, type, judged, threshold, statistics));
    }

    public static StoredAlarm Invalidated(string thing, RaisedAlarm alarm, Behavior behavior, long time)
    {
        var violation = new ViolationEvent
        {
            ViolationId = alarm.ViolationId,
            ThingName = thing,
            SecurityProfileName = alarm.Profile,
            Behavior = behavior,
            Type = ViolationEventType.AlarmInvalidated,
            Time = DateTimeOffset.FromUnixTimeMilliseconds(time),
        };
        return Write(violation, "alarm-invalidated", json => json.WriteString("reason"u8, "The security profile was detached, changed or deleted."u8));
    }

    private static StoredAlarm Write(ViolationEvent violation, string type, Action<Utf8JsonWriter> why)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            violation.WriteMembersTo(json);
            json.WriteStartObject("why"u8);
            why(json);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return new StoredAlarm($"{violation.ViolationId}:{type}", violation.Time, buffer.WrittenSpan.ToArray());
    }

    private static void Why(Utf8JsonWriter json, WatchedBehavior behavior, ViolationEventType type, in Datapoint datapoint, double? threshold, FleetStatistics? statistics)
    {
        Value(json, behavior, datapoint.Value);
        BehaviorCriteria criteria = behavior.Behavior.Criteria;
        if (threshold is { } percentile)
        {
            json.WriteNumber("threshold"u8, percentile);
            json.WriteString("statistic"u8, criteria.Statistic);
        }
        else if ((criteria.Value!.Count ?? criteria.Value.Number) is { } limit)
        {
            json.WriteNumber("threshold"u8, limit);
        }

        json.WriteNumber("datapoints"u8, type == ViolationEventType.InAlarm ? criteria.ConsecutiveDatapointsToAlarm : criteria.ConsecutiveDatapointsToClear);
        if (behavior.Seconds > 0)
        {
            json.WriteNumber("windowSeconds"u8, behavior.Seconds);
        }

        if (datapoint.Report > 0)
        {
            json.WriteNumber("reportId"u8, datapoint.Report);
        }

        statistics?.WriteNeighbours(json, behavior);
    }

    // Of a list, what is wrong with it: the whole stands in metricValue.
    private static void Value(Utf8JsonWriter json, WatchedBehavior behavior, Measurement value)
    {
        if (value.Number is { } number)
        {
            json.WriteNumber("value"u8, number);
            return;
        }

        if (behavior.Test.Offenders(value) is not { } offenders)
        {
            return;
        }

        json.WriteStartArray("value"u8);
        offenders = Short(offenders);
        foreach (InternetAddress address in offenders.Addresses ?? [])
        {
            json.WriteStringValue(address.ToString());
        }

        foreach (string text in offenders.Strings ?? [])
        {
            json.WriteStringValue(text);
        }

        foreach (double one in offenders.Numbers ?? [])
        {
            json.WriteNumberValue(one);
        }

        json.WriteEndArray();
        json.WriteNumber("listed"u8, value.Addresses?.Count ?? value.Strings?.Count ?? value.Numbers!.Count);
    }

    private static Measurement Short(Measurement value) =>
        value.Addresses is { Count: > MostItems } addresses ? Measurement.OfAddresses(addresses.Take(MostItems))
        : value.Strings is { Count: > MostItems } strings ? Measurement.OfStrings(strings.Take(MostItems))
        : value.Numbers is { Count: > MostItems } numbers ? Measurement.OfNumbers(numbers.Take(MostItems))
        : value;
}
