using System.Text;
using System.Text.Json;
using IotOps.Aws;
using IotOps.Fleet;
using IotOps.Samples.CommandLine;
using IotOps.Samples.FleetTool.Lines;
using IotOps.Samples.FleetTool.Trail;
using IotOps.Samples.Lines;

namespace IotOps.Samples.FleetTool.Commands;

/// <summary>Reads what Device Defender found.</summary>
internal static class FindingsCommand
{
    public static Command Command { get; } = new()
    {
        Name = "findings",
        Summary = "Read Device Defender's Audit and Detect notifications, one message a line, or fetch an audit's findings.",
        Options =
        [
            LineSource.Option("Messages, raw or in the envelope of SNS"),
            new("--task", "ID", "Instead: the findings of this audit, from the service."),
            new("--since", "TIME", "Instead: the findings from there on, from the service; 2h is two hours ago."),
            new("--until", "TIME", "With --since: up to there; now unless given."),
            new("--json", null, "Print one JSON object a notification or finding."),
            FleetClients.RegionOption,
            CaseLines.Option,
        ],
        RunAsync = RunAsync,
    };

    /// <summary>A case of the filter: the list of what is in the message.</summary>
    public static void Answer(JsonElement oneCase, Utf8JsonWriter result)
    {
        string input = oneCase.GetProperty("input"u8).GetString() ?? throw new FormatException("input is a text");
        result.WriteStartArray();
        foreach (DefenderNotification notification in DefenderNotification.ReadAll(Encoding.UTF8.GetBytes(input)))
        {
            result.WriteStartObject();
            NotificationText.Write(result, notification);
            result.WriteEndObject();
        }

        result.WriteEndArray();
    }

    private static async Task<int> RunAsync(CommandArguments arguments)
    {
        if (arguments.Has("--lines"))
        {
            return await CaseLines.RunAsync(Answer);
        }

        DateTimeOffset? since = TrailTime.Read(arguments, "--since", TimeProvider.System);
        return arguments.Has("--task") || since is not null
            ? await FetchAsync(arguments, since)
            : await ReadAsync(arguments["PATH"], arguments.Has("--json"));
    }

    private static async Task<int> ReadAsync(string? path, bool isJson)
    {
        bool isGood = true;
        await using Stream input = LineSource.Open(path);
        using var lines = new LineReader(input, LineReader.MaxBytes);
        using var progress = new LineProgress(TimeProvider.System);
        while (await lines.NextAsync(CancellationToken.None))
        {
            progress.Add(lines.Line.Length);
            if (lines.IsBlank)
            {
                continue;
            }

            IReadOnlyList<DefenderNotification> notifications = lines.IsTooLong
                ? [new UnreadableNotification($"longer than {lines.LimitBytes} bytes")]
                : DefenderNotification.ReadAll(lines.Line);
            foreach (DefenderNotification notification in notifications)
            {
                if (notification is UnreadableNotification unreadable)
                {
                    isGood = false;
                    await Console.Error.WriteLineAsync($"FleetTool: line {lines.Number}: {unreadable.Reason}");
                }
                else
                {
                    Console.WriteLine(isJson ? JsonLine.Of(json => NotificationText.Write(json, notification)) : TerminalText.Printable(NotificationText.Line(notification)));
                }
            }
        }

        return isGood ? 0 : 1;
    }

    private static async Task<int> FetchAsync(CommandArguments arguments, DateTimeOffset? since)
    {
        try
        {
            using var clients = new FleetClients(arguments["--aws-region"]);
            var findings = new AuditFindings(clients.Iot);
            IAsyncEnumerable<AuditFinding> found = arguments["--task"] is { } task
                ? findings.OfTaskAsync(task)
                : findings.BetweenAsync(since!.Value, TrailTime.Read(arguments, "--until", TimeProvider.System) ?? TimeProvider.System.GetUtcNow());
            await foreach (AuditFinding finding in found)
            {
                Console.WriteLine(arguments.Has("--json") ? JsonLine.Of(json => NotificationText.Write(json, finding)) : TerminalText.Printable(NotificationText.Line(finding)));
            }

            return 0;
        }
        catch (Exception e) when (e is AwsException or ArgumentException)
        {
            await Console.Error.WriteLineAsync($"FleetTool: {e.Message}");
            return 1;
        }
    }
}
