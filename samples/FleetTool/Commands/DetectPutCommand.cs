using System.Text;
using System.Text.Json;
using IotOps.Detect;
using IotOps.Samples.CommandLine;
using IotOps.Samples.FleetTool.Lines;
using IotOps.Samples.FleetTool.Trail;
using IotOps.Samples.Lines;

namespace IotOps.Samples.FleetTool.Commands;

/// <summary>Puts messages into a worker's inbox.</summary>
internal static class DetectPutCommand
{
    private const int BatchSize = 500;

    // As SQS: a message of a queue is no larger.
    private const int MaxBytes = 1 << 20;

    public static Command Command { get; } = new()
    {
        Name = "detect put",
        Summary = "Put messages, a JSON object a line, into the inbox of detect run: what the rules of detection put on a queue, log entries, or simulate's files.",
        Options =
        [
            LineSource.Option("The messages"),
            new("--inbox", "FILE", "The inbox; it is made where there is none.") { Required = true },
            new("--json", null, "Print the counts as one JSON object."),
        ],
        RunAsync = RunAsync,
    };

    private static async Task<int> RunAsync(CommandArguments arguments)
    {
        using var signals = new ShutdownSignals();
        long put = 0, bad = 0;
        try
        {
            await using SqliteDetectInbox inbox = await SqliteDetectInbox.OpenAsync(new SqliteDetectInboxOptions { Path = arguments["--inbox"]! }, signals.Requested);
            await using Stream input = LineSource.Open(arguments["PATH"]);
            using var lines = new LineReader(input, MaxBytes);
            using var progress = new TerminalProgress(TimeProvider.System);
            List<ReadOnlyMemory<byte>> batch = [];
            while (await lines.NextAsync(signals.Requested))
            {
                if (lines.IsBlank)
                {
                    continue;
                }

                if (Problem(lines, out byte[] body) is { } problem)
                {
                    bad++;
                    progress.Clear();
                    await Console.Error.WriteLineAsync(TerminalText.Printable($"line {lines.Number}: {problem}"));
                    continue;
                }

                batch.Add(body);
                if (batch.Count == BatchSize || !lines.HasMore)
                {
                    await inbox.EnqueueAsync(batch, signals.Requested);
                    put += batch.Count;
                    batch.Clear();
                    progress.Show(() => $"{put} messages");
                }
            }

            await inbox.EnqueueAsync(batch, signals.Requested);
            put += batch.Count;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or OperationCanceledException)
        {
            await Console.Error.WriteLineAsync($"FleetTool: {(e is OperationCanceledException ? "stopped" : e.Message)}; {put} messages are in the inbox");
            return 1;
        }

        Console.WriteLine(arguments.Has("--json")
            ? JsonLine.Of(json =>
            {
                json.WriteNumber("put"u8, put);
                json.WriteNumber("unreadable"u8, bad);
            })
            : $"{put} messages put, {bad} lines are none");
        return bad > 0 ? 1 : 0;
    }

    // What a worker cannot read is told here, where somebody looks.
    private static string? Problem(LineReader lines, out byte[] body)
    {
        body = [];
        if (lines.IsTooLong)
        {
            return $"it is longer than {MaxBytes} bytes";
        }

        try
        {
            body = Message(lines.Line);
            DetectMessage.ParseAll(body);
            return null;
        }
        catch (FormatException e)
        {
            return e.Message;
        }
    }

    // A line of simulate's defender.jsonl has the topic that AWS IoT would take the thing from.
    private static byte[] Message(ReadOnlyMemory<byte> line)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            JsonElement root = document.RootElement;
            if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("topic"u8, out JsonElement topic) && topic.ValueKind == JsonValueKind.String
                && topic.GetString()!.Split('/') is ["$aws", "things", var thing, "defender", "metrics", _]
                && root.TryGetProperty("payload"u8, out JsonElement payload) && root.TryGetProperty("timestamp"u8, out JsonElement time))
            {
                return Encoding.UTF8.GetBytes(JsonLine.Of(json =>
                {
                    json.WritePropertyName("report"u8);
                    payload.WriteTo(json);
                    json.WriteString("thing"u8, thing);
                    json.WritePropertyName("time"u8);
                    time.WriteTo(json);
                }));
            }
        }
        catch (JsonException)
        {
            // ParseAll says what is wrong.
        }

        return line.ToArray();
    }
}
