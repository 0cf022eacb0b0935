using System.Text.Json;
using IotOps.Fleet;
using IotOps.Samples.CommandLine;
using IotOps.Samples.FleetTool.Lines;
using IotOps.Samples.FleetTool.Logs;
using IotOps.Samples.FleetTool.Trail;

namespace IotOps.Samples.FleetTool.Commands;

/// <summary>Says when errors surged, and which.</summary>
internal static class TimelineCommand
{
    private const int ToldGroups = 10;

    public static Command Command { get; } = new()
    {
        Name = "timeline",
        Summary = "Group the errors of log lines into buckets of time, say where they surged and why, and what is new.",
        Options =
        [
            .. LogLines.Options,
            new("--bucket", "TIME", "The length of a bucket: 1m, 5m (the default), 1h ..."),
            new("--groups", null, "Also the groups of errors of the whole time, with the clients, principals, addresses and rules with most of them."),
            new("--compare", "TIME", "Also the last bucket of this length beside the one before it: 1h, 1d, 7d."),
            new("--json", null, "Print one JSON object a bucket, surge, group and change."),
        ],
        RunAsync = RunAsync,
    };

    private static async Task<int> RunAsync(CommandArguments arguments)
    {
        TimeSpan bucket = arguments.Duration("--bucket") ?? TimeSpan.FromMinutes(5);
        if (bucket < TimeSpan.FromSeconds(1))
        {
            throw new UsageException("--bucket is at least 1s");
        }

        TimeSpan? compared = arguments.Duration("--compare");
        if (compared < bucket)
        {
            throw new UsageException("--compare is at least as long as a bucket");
        }

        var timeline = new ErrorTimeline(new ErrorTimelineOptions { Bucket = bucket });
        var reader = new IotLogReader();
        int exit = await LogLines.ReadAsync(arguments, (line, time) =>
        {
            if (reader.TryReadError(line.Span, out IotLogEntry? entry, time))
            {
                timeline.Add(entry!);
            }
        });

        Print(timeline, bucket, arguments.Has("--groups"), compared, arguments.Has("--json"));
        return exit;
    }

    private static void Print(ErrorTimeline timeline, TimeSpan bucket, bool isGrouped, TimeSpan? compared, bool isJson)
    {
        IReadOnlyList<ErrorBucket> buckets = timeline.Buckets();
        foreach (ErrorBucket one in buckets)
        {
            Print(isJson, $"{one.Start:u}  {one.Errors,8}", json =>
            {
                json.WriteString("bucket"u8, one.Start);
                json.WriteNumber("errors"u8, one.Errors);
            });
        }

        foreach (ErrorSurge surge in timeline.Surges())
        {
            Print(isJson, $"surge {surge}", json =>
            {
                json.WriteString("surge"u8, surge.Start);
                json.WriteString("until"u8, surge.End);
                json.WriteNumber("errors"u8, surge.Errors);
                json.WriteNumber("expected"u8, Math.Round(surge.Expected, 1));
                json.WriteString("reason"u8, surge.Reason);
            });
        }

        if (isGrouped && buckets.Count > 0)
        {
            foreach (ErrorGroup group in timeline.Groups(buckets[0].Start, buckets[^1].Start + bucket).Take(isJson ? int.MaxValue : ToldGroups))
            {
                Print(isJson, $"{group.Errors,10}  {group}{Shares("clients", group.Clients)}{Shares("addresses", group.Addresses)}{Shares("rules", group.Rules)}", json => Write(json, group));
            }
        }

        if (compared is { } before && buckets.Count > 0)
        {
            DateTimeOffset end = buckets[^1].Start + bucket;
            foreach (ErrorChange change in timeline.Compare(end - before, end, before).Take(isJson ? int.MaxValue : ToldGroups))
            {
                Print(isJson, $"{(change.IsNew ? "new " : change.IsGone ? "gone" : "    ")} {change.Group.Errors,8} instead of {change.Before,8}  {change.Group}", json =>
                {
                    json.WriteString("change"u8, change.Group.ToString());
                    json.WriteNumber("errors"u8, change.Group.Errors);
                    json.WriteNumber("before"u8, change.Before);
                    json.WriteBoolean("new"u8, change.IsNew);
                });
            }
        }

        ErrorTimelineStatistics statistics = timeline.Statistics;
        if (statistics.WithoutTime + statistics.TooLate > 0)
        {
            Console.Error.WriteLine($"FleetTool: {statistics.WithoutTime} errors without a usable time and {statistics.TooLate} of dropped buckets are not counted");
        }
    }

    private static void Write(Utf8JsonWriter json, ErrorGroup group)
    {
        json.WriteString("eventType"u8, group.EventType);
        json.WriteString("reason"u8, group.Reason);
        json.WriteString("template"u8, group.Template);
        json.WriteNumber("errors"u8, group.Errors);
        foreach ((string name, IReadOnlyList<ErrorShare> shares) in new[] { ("clients", group.Clients), ("principals", group.Principals), ("addresses", group.Addresses), ("rules", group.Rules) })
        {
            json.WriteStartObject(name);
            foreach (ErrorShare share in shares)
            {
                json.WriteNumber(share.Value, share.Errors);
            }

            json.WriteEndObject();
        }
    }

    private static string Shares(string name, IReadOnlyList<ErrorShare> shares) =>
        shares.Count == 0 ? "" : $"  {name} {string.Join(' ', shares.Take(3).Select(share => $"{share.Value}:{share.Errors}"))}";

    private static void Print(bool isJson, string text, Action<Utf8JsonWriter> members) =>
        Console.WriteLine(isJson ? JsonLine.Of(members) : TerminalText.Printable(text));
}
