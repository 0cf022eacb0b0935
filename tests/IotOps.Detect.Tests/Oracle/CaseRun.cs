using System.Globalization;
using System.Text;
using System.Text.Json;
using IotOps.Detect.Evaluating;

namespace IotOps.Detect.Tests.Oracle;

/// <summary>A case as a worker would take it: each message when it comes, and the thing again whenever it is due.</summary>
internal static class CaseRun
{
    private const DetectSources All =
        DetectSources.Reports | DetectSources.Lifecycle | DetectSources.Messages | DetectSources.ReceivedMessages;

    /// <summary>The alarms, each as a line, in the oracle's order.</summary>
    public static IReadOnlyList<string> Alarms(DetectCase one)
    {
        List<(long Time, string Behavior, string Type, string Line)> alarms = [];
        DetectRecord? record = null;
        DateTimeOffset? due = null;
        DetectEngine engine = Engine(one, one.Profiles[0].Json);

        void Evaluate(DateTimeOffset now, params DetectEvent[] events)
        {
            DetectVerdict verdict = engine.Evaluate(record, one.Thing, events, now);
            record = new DetectRecord(one.Thing, 1, verdict.State);
            due = verdict.DueAt;
            verdict.Late.ShouldBe(0);
            alarms.AddRange(verdict.Alarms.Select(Line));
        }

        void RunUntil(DateTimeOffset end)
        {
            while (due is { } next && next <= end)
            {
                Evaluate(next);
            }
        }

        IEnumerable<(DateTimeOffset At, Action Do)> steps = one.Messages
            .Select(message => (message.At, new Action(() => Evaluate(message.At, DetectMessage.Parse(message.Body).Event))))
            .Concat(one.Profiles.Skip(1).Select(profile => (profile.From, new Action(() =>
            {
                engine = Engine(one, profile.Json);
                Evaluate(profile.From);
            }))));
        foreach ((DateTimeOffset at, Action act) in steps.OrderBy(step => step.At))
        {
            RunUntil(at);
            act();
        }

        RunUntil(one.End);
        return [.. alarms.OrderBy(alarm => alarm.Time).ThenBy(alarm => alarm.Behavior, StringComparer.Ordinal).ThenBy(alarm => alarm.Type, StringComparer.Ordinal).Select(alarm => alarm.Line)];
    }

    /// <summary>An alarm of the oracle's, as a line of ours.</summary>
    public static string Line(JsonElement alarm) =>
        $"{alarm[0].GetString()} {alarm[1].GetString()} {alarm[2].GetInt64().ToString(CultureInfo.InvariantCulture)} {Value(alarm[3])}";

    private static (long, string, string, string) Line(StoredAlarm alarm)
    {
        JsonElement json = JsonElement.Parse(alarm.Json.Span);
        string type = json.GetProperty("violationEventType").GetString()!;
        string behavior = json.GetProperty("behavior").GetProperty("name").GetString()!;
        long time = json.GetProperty("violationEventTime").GetInt64();
        string value = json.TryGetProperty("metricValue", out JsonElement metric) ? Value(metric.EnumerateObject().Single().Value) : Value(default);
        return (time, behavior, type, $"{type} {behavior} {time.ToString(CultureInfo.InvariantCulture)} {value}");
    }

    // Numbers as numbers, lists as sets.
    private static string Value(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => value.GetDouble().ToString("R", CultureInfo.InvariantCulture),
        JsonValueKind.Array => string.Join(",", value.EnumerateArray().Select(item => item.ToString()).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)),
        _ => "none",
    };

    private static DetectEngine Engine(DetectCase one, string profile)
    {
        var engine = new DetectEngine(new DetectEngineOptions
        {
            Profiles = [DetectProfile.Parse(Encoding.UTF8.GetBytes(profile))],
            Sources = one.HasLogs ? All | DetectSources.Logs : All,
        });
        Dictionary<ulong, RankedValues> values = [];
        foreach (WatchedBehavior behavior in engine.SetOf(one.Thing).Behaviors)
        {
            if (one.Fleet.TryGetValue(behavior.Behavior.Name, out double[]? fleet))
            {
                values[behavior.SketchKey] = new RankedValues([.. fleet.GroupBy(SketchKeys.Of).OrderBy(group => group.Key).Select(group => (group.Key, (long)group.Count()))]);
            }
        }

        engine.Statistics = new FleetStatistics(one.Begin, 0, values, [], engine.StatisticsNeeded);
        return engine;
    }
}
