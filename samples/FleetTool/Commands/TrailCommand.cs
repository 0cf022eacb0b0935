using System.Text.Json;
using IotOps.Fleet;
using IotOps.Samples.CommandLine;
using IotOps.Samples.FleetTool.Trail;

namespace IotOps.Samples.FleetTool.Commands;

/// <summary>Searches and downloads CloudTrail records.</summary>
internal static class TrailCommand
{
    public static Command Command { get; } = new()
    {
        Name = "trail",
        Summary = "Search CloudTrail records in files, in a trail's bucket or in the event history, print, count or download them.",
        Options =
        [
            .. RecordSource.Options,
            new("--out", "FILE", "Write the records there: .json as CloudTrail does, .jsonl one a line, either with .gz."),
            new("--count", null, "Count the events by API instead of printing them."),
            new("--json", null, "Print JSON: a record a line, or with --count or --out one object."),
        ],
        RunAsync = RunAsync,
    };

    private static async Task<int> RunAsync(CommandArguments arguments)
    {
        bool isJson = arguments.Has("--json");
        using var source = new RecordSource(arguments, TimeProvider.System);
        using var signals = new ShutdownSignals();
        using var reader = new CloudTrailReader();
        await using Stream output = Console.OpenStandardOutput();
        if (arguments["--out"] is { } path)
        {
            int exit;
            await using (RecordFile file = RecordFile.Create(path))
            {
                exit = await TrailRun.ReadAsync(source, reader, record => file.Writer.WriteAsync(record), signals.Requested);
                Print(output, isJson, reader.Statistics, file.Writer.Count, counts: null, text => text.WriteLine($"{file.Writer.Count} records in {path}"));
            }

            return exit;
        }

        if (arguments.Has("--count"))
        {
            var counts = new EventCounts();
            long found = 0;
            int exit = await TrailRun.ReadAsync(
                source,
                reader,
                record =>
                {
                    found += record.IsRevision ? 0 : 1;
                    counts.Add(record);
                    return ValueTask.CompletedTask;
                },
                signals.Requested);
            Print(output, isJson, reader.Statistics, found, counts, counts.Print);
            return exit;
        }

        await using var lines = new CloudTrailWriter(output, CloudTrailFileFormat.Lines);
        return await TrailRun.ReadAsync(source, reader, record => isJson ? lines.WriteAsync(record) : RecordLine.WriteAsync(output, record), signals.Requested);
    }

    private static void Print(Stream output, bool isJson, CloudTrailStatistics read, long found, EventCounts? counts, Action<TextWriter> print)
    {
        if (!isJson)
        {
            print(Console.Out);
            return;
        }

        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            json.WriteNumber("files"u8, read.Sources);
            json.WriteNumber("bytes"u8, read.Bytes);
            json.WriteNumber("records"u8, read.Records);
            json.WriteNumber("duplicates"u8, read.Duplicates);
            json.WriteNumber("problems"u8, read.Problems);
            json.WriteNumber("found"u8, found);
            counts?.WriteTo(json);
            json.WriteEndObject();
        }

        output.WriteByte((byte)'\n');
    }
}
