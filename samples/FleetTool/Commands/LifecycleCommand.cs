using System.Text.Json;
using IotOps.Fleet;
using IotOps.Samples.CommandLine;
using IotOps.Samples.FleetTool.Lines;
using IotOps.Samples.FleetTool.Trail;
using IotOps.Samples.Lines;

namespace IotOps.Samples.FleetTool.Commands;

/// <summary>Follows recorded lifecycle events.</summary>
internal static class LifecycleCommand
{
    public static Command Command { get; } = new()
    {
        Name = "lifecycle",
        Summary = "Say which clients are connected and what is unusual, from lifecycle events, one a line, in the order of their arrival.",
        Options =
        [
            LineSource.Option("Events"),
            new("--offline", null, "Print only the clients that are disconnected."),
            new("--json", null, "Print one JSON object a client and an alarm."),
            CaseLines.Option,
        ],
        RunAsync = RunAsync,
    };

    /// <summary>A case of the filter: the state after all arrivals, and how often the client was reported offline.</summary>
    public static void Answer(JsonElement oneCase, Utf8JsonWriter result)
    {
        var tracker = new ConnectionTracker();
        int reports = 0;
        DateTimeOffset last = default;
        string? client = null;
        foreach (JsonElement arrival in oneCase.GetProperty("arrivals"u8).EnumerateArray())
        {
            last = DateTimeOffset.FromUnixTimeMilliseconds(arrival.GetProperty("at"u8).GetInt64());
            reports += tracker.TakeOffline(last).Count;
            LifecycleEvent one = LifecycleEvent.Read(arrival.GetProperty("event"u8));
            client ??= one.ClientId;
            tracker.Apply(one, last);
        }

        reports += tracker.TakeOffline(last.AddSeconds(5)).Count;
        ClientConnection? state = client is null ? null : tracker.Find(client);
        result.WriteStartObject();
        result.WriteString("state"u8, state is null ? "unknown" : state.IsConnected ? "connected" : "disconnected");
        result.WriteNumber("offlineReports"u8, reports);
        result.WriteEndObject();
    }

    private static async Task<int> RunAsync(CommandArguments arguments)
    {
        if (arguments.Has("--lines"))
        {
            return await CaseLines.RunAsync(Answer);
        }

        bool isJson = arguments.Has("--json"), isGood = true;
        var tracker = new ConnectionTracker();
        var monitor = new ConnectivityMonitor();
        List<ConnectivityAlarm> alarms = [];
        await using Stream input = LineSource.Open(arguments["PATH"]);
        using var lines = new LineReader(input, LineReader.MaxBytes);
        using (var progress = new LineProgress(TimeProvider.System))
        {
            while (await lines.NextAsync(CancellationToken.None))
            {
                progress.Add(lines.Line.Length);
                isGood &= lines.IsBlank || TryApply(lines, tracker, monitor, alarms);
            }
        }

        foreach (ConnectivityAlarm alarm in alarms)
        {
            Console.WriteLine(isJson ? Json(alarm) : TerminalText.Printable(Line(alarm)));
        }

        foreach (ClientConnection client in tracker.All().Where(client => !arguments.Has("--offline") || !client.IsConnected).OrderBy(client => client.ClientId, StringComparer.Ordinal))
        {
            Console.WriteLine(isJson ? Json(client) : TerminalText.Printable(Line(client)));
        }

        return isGood ? 0 : 1;
    }

    private static bool TryApply(LineReader lines, ConnectionTracker tracker, ConnectivityMonitor monitor, List<ConnectivityAlarm> alarms)
    {
        try
        {
            LifecycleEvent one = lines.IsTooLong ? throw new FormatException($"longer than {lines.LimitBytes} bytes") : LifecycleEvent.Parse(lines.Line.Span);
            if (tracker.Apply(one, one.Time) is ConnectionUpdate.Applied or ConnectionUpdate.Reset or ConnectionUpdate.Unrelated)
            {
                alarms.AddRange(monitor.Add(one));
            }

            return true;
        }
        catch (FormatException e)
        {
            Console.Error.WriteLine($"FleetTool: line {lines.Number}: {e.Message}");
            return false;
        }
    }

    private static string Line(ConnectivityAlarm alarm) => $"{alarm}{(alarm.Clients.Count > 0 ? $": {string.Join(' ', alarm.Clients)}" : "")}";

    private static string Line(ClientConnection client) =>
        $"{client.ClientId}  {(client.IsConnected ? "connected" : $"disconnected ({client.DisconnectReason ?? "-"})")} since {client.Since:u}";

    private static string Json(ConnectivityAlarm alarm) => JsonLine.Of(json =>
    {
        json.WriteString("alarm"u8, alarm.Kind.ToString());
        json.WriteString("time"u8, alarm.Time);
        json.WriteString("subject"u8, alarm.Subject);
        json.WriteString("reason"u8, alarm.Reason);
        json.WriteStartArray("clients"u8);
        foreach (string client in alarm.Clients)
        {
            json.WriteStringValue(client);
        }

        json.WriteEndArray();
    });

    private static string Json(ClientConnection client) => JsonLine.Of(json =>
    {
        json.WriteString("clientId"u8, client.ClientId);
        json.WriteBoolean("connected"u8, client.IsConnected);
        json.WriteString("since"u8, client.Since);
        json.WriteString("disconnectReason"u8, client.DisconnectReason);
    });
}
