using System.Text;
using System.Text.Json;
using IotOps.Fleet;
using IotOps.Samples.CommandLine;
using IotOps.Samples.FleetTool.Lines;
using IotOps.Samples.FleetTool.Trail;
using IotOps.Samples.Lines;

namespace IotOps.Samples.FleetTool.Commands;

/// <summary>Groups lines by what they have in common.</summary>
internal static class TemplatesCommand
{
    public static Command Command { get; } = new()
    {
        Name = "templates",
        Summary = "Group text lines by what they have in common, and count them.",
        Options =
        [
            LineSource.Option("Lines"),
            new("--similarity", "N", "Percent of the words that a line shares with its template at least; 40 unless given."),
            new("--json", null, "Print one JSON object a template."),
            CaseLines.Option,
        ],
        RunAsync = RunAsync,
    };

    /// <summary>A case of the filter: the template's number of each line, and the templates after the last.</summary>
    public static void Answer(JsonElement oneCase, Utf8JsonWriter result)
    {
        var templates = new LogTemplates(oneCase.TryGetProperty("parameters"u8, out JsonElement parameters) ? Read(parameters) : null);
        result.WriteStartObject();
        result.WriteStartArray("cluster"u8);
        foreach (JsonElement line in oneCase.GetProperty("lines"u8).EnumerateArray())
        {
            result.WriteNumberValue(templates.Add(line.GetString() ?? ""));
        }

        result.WriteEndArray();
        result.WriteStartObject("templates"u8);
        foreach ((int number, string template) in templates.Templates.OrderBy(one => one.Key))
        {
            result.WriteString($"{number}", template);
        }

        result.WriteEndObject();
        result.WriteEndObject();
    }

    private static LogTemplatesOptions Read(JsonElement parameters)
    {
        var usual = new LogTemplatesOptions();
        int? Number(string name, int? otherwise) =>
            !parameters.TryGetProperty(name, out JsonElement value) ? otherwise : value.ValueKind == JsonValueKind.Null ? null : value.GetInt32();
        return new LogTemplatesOptions
        {
            Similarity = parameters.TryGetProperty("similarity"u8, out JsonElement similarity) ? similarity.GetDouble() : usual.Similarity,
            Depth = Number("depth", usual.Depth) ?? usual.Depth,
            Children = Number("children", usual.Children) ?? usual.Children,
            MaxTemplates = Number("clusters", usual.MaxTemplates),
        };
    }

    private static async Task<int> RunAsync(CommandArguments arguments)
    {
        if (arguments.Has("--lines"))
        {
            return await CaseLines.RunAsync(Answer);
        }

        var templates = new LogTemplates(new LogTemplatesOptions { Similarity = (arguments.Integer("--similarity", 1, 100) ?? 40) / 100.0 });
        var counts = new Dictionary<int, long>();
        bool isGood = true;
        await using Stream input = LineSource.Open(arguments["PATH"]);
        using var lines = new LineReader(input, LineReader.MaxBytes);
        using (var progress = new LineProgress(TimeProvider.System))
        {
            while (await lines.NextAsync(CancellationToken.None))
            {
                progress.Add(lines.Line.Length);
                if (lines.IsTooLong)
                {
                    isGood = false;
                    await Console.Error.WriteLineAsync($"FleetTool: line {lines.Number}: longer than {lines.LimitBytes} bytes");
                    continue;
                }

                int template = templates.Add(LogTemplates.Mask(Encoding.UTF8.GetString(lines.Line.Span)));
                counts[template] = counts.GetValueOrDefault(template) + 1;
            }
        }

        foreach ((int number, string template) in templates.Templates.OrderByDescending(one => counts[one.Key]).ThenBy(one => one.Key))
        {
            Console.WriteLine(arguments.Has("--json")
                ? JsonLine.Of(json =>
                {
                    json.WriteNumber("lines"u8, counts[number]);
                    json.WriteString("template"u8, template);
                })
                : TerminalText.Printable($"{counts[number],10}  {template}"));
        }

        return isGood ? 0 : 1;
    }
}
