using System.Text.Json;
using IotOps.Fleet;
using IotOps.Samples.CommandLine;
using IotOps.Samples.FleetTool.Lines;
using IotOps.Samples.FleetTool.Logs;
using IotOps.Samples.FleetTool.Trail;

namespace IotOps.Samples.FleetTool.Commands;

/// <summary>Reads log lines of a file or a log group.</summary>
internal static class LogsCommand
{
    public static Command Command { get; } = new()
    {
        Name = "logs",
        Summary = "Read entries of the AWS IoT logs, and free text, from files or from CloudWatch Logs.",
        Options =
        [
            .. LogLines.Options,
            new("--errors", null, "Only errors."),
            new("--raw", null, "Print the lines as they are."),
            new("--json", null, "Print one JSON object a line: when, whether an error, what, who, why."),
            CaseLines.Option,
        ],
        RunAsync = RunAsync,
    };

    /// <summary>A case of the filter: what an entry says.</summary>
    public static void Answer(JsonElement oneCase, Utf8JsonWriter result)
    {
        string log = oneCase.GetProperty("log"u8).GetRawText();
        result.WriteStartObject();
        Write(result, new IotLogReader().Read(System.Text.Encoding.UTF8.GetBytes(log)));
        result.WriteEndObject();
    }

    private static async Task<int> RunAsync(CommandArguments arguments)
    {
        if (arguments.Has("--lines"))
        {
            return await CaseLines.RunAsync(Answer);
        }

        var reader = new IotLogReader();
        await using Stream output = Console.OpenStandardOutput();
        await using var buffered = new BufferedStream(output, 64 << 10);
        return await LogLines.ReadAsync(arguments, (line, time) =>
        {
            IotLogEntry entry = reader.Read(line.Span, time);
            if (arguments.Has("--errors") && !entry.IsError)
            {
                return;
            }

            if (arguments.Has("--raw"))
            {
                buffered.Write(line.Span);
                buffered.WriteByte((byte)'\n');
                return;
            }

            string text = arguments.Has("--json") ? JsonLine.Of(json => Write(json, entry)) : TerminalText.Printable(Line(entry));
            buffered.Write(System.Text.Encoding.UTF8.GetBytes(text + "\n"));
        });
    }

    private static string Line(IotLogEntry entry) =>
        $"{entry.Time?.ToString("u") ?? "-"}  {(entry.IsError ? "ERROR" : "-")}  {entry.EventType ?? "-"}  {entry.ClientId ?? "-"}  {entry.Reason ?? "-"}  {entry.Details}";

    private static void Write(Utf8JsonWriter json, IotLogEntry entry)
    {
        if (entry.Time is { } time)
        {
            json.WriteNumber("epochMs"u8, time.ToUnixTimeMilliseconds());
        }
        else
        {
            json.WriteNull("epochMs"u8);
        }

        json.WriteBoolean("error"u8, entry.IsError);
        json.WriteString("eventType"u8, entry.EventType);
        json.WriteString("client"u8, entry.ClientId);
        json.WriteString("reason"u8, entry.Reason);
    }
}
