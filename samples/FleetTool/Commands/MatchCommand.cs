using System.Globalization;
using System.Text;
using System.Text.Json;
using IotOps.Fleet;
using IotOps.Samples.CommandLine;
using IotOps.Samples.FleetTool.Lines;
using IotOps.Samples.Lines;

namespace IotOps.Samples.FleetTool.Commands;

/// <summary>Finds the events that event patterns match.</summary>
internal static class MatchCommand
{
    public static Command Command { get; } = new()
    {
        Name = "match",
        Summary = "Find the events, one JSON object a line, that match event patterns of EventBridge.",
        Options =
        [
            new("--pattern", "FILE", "A pattern, or one pattern a line."),
            LineSource.Option("Events"),
            new("--count", null, "Print how many events each pattern matches, not the events."),
            new("--json", null, "Print JSON: a line for each event that matches, with the patterns' numbers; with --count one object."),
            CaseLines.Option,
        ],
        RunAsync = RunAsync,
    };

    /// <summary>A case of the filter: <c>match</c>, <c>no-match</c> or <c>invalid</c>.</summary>
    public static void Answer(JsonElement oneCase, Utf8JsonWriter result)
    {
        string pattern = Text(oneCase, "pattern");
        string json = Text(oneCase, "event");
        result.WriteStringValue(!EventPattern.TryParse(pattern, out EventPattern? read, out _) ? "invalid" : read.Matches(json) ? "match" : "no-match");
    }

    private static async Task<int> RunAsync(CommandArguments arguments)
    {
        if (arguments.Has("--lines"))
        {
            return await CaseLines.RunAsync(Answer);
        }

        string path = arguments["--pattern"] ?? throw new UsageException("give --pattern FILE, or --lines");
        var patterns = new EventPatternSet(Read(path));
        var counts = new long[patterns.Patterns.Count];
        await using Stream input = LineSource.Open(arguments["PATH"]);
        await using Stream output = Console.OpenStandardOutput();
        await using var buffered = new BufferedStream(output, 64 << 10);
        using var lines = new LineReader(input, LineReader.MaxBytes);
        using var progress = new LineProgress(TimeProvider.System);
        List<int> matched = [];
        bool isGood = true, isCount = arguments.Has("--count"), isJson = arguments.Has("--json");
        while (await lines.NextAsync(CancellationToken.None))
        {
            if (lines.IsBlank)
            {
                continue;
            }

            progress.Add(lines.Line.Length);
            if (!TryMatch(patterns, lines, matched))
            {
                isGood = false;
                continue;
            }

            foreach (int pattern in matched)
            {
                counts[pattern]++;
            }

            if (!isCount && matched.Count > 0)
            {
                buffered.Write(isJson ? Encoding.UTF8.GetBytes($"{{\"line\":{lines.Number},\"patterns\":[{string.Join(',', matched)}]}}") : lines.Line.Span);
                buffered.WriteByte((byte)'\n');
            }
        }

        if (isCount)
        {
            buffered.Write(Encoding.UTF8.GetBytes(Counts(counts, isJson)));
        }

        return isGood ? 0 : 1;
    }

    private static bool TryMatch(EventPatternSet patterns, LineReader lines, List<int> matched)
    {
        try
        {
            if (lines.IsTooLong)
            {
                throw new FormatException($"longer than {lines.LimitBytes} bytes");
            }

            patterns.Match(lines.Line.Span, matched);
            return true;
        }
        catch (FormatException e)
        {
            Console.Error.WriteLine($"FleetTool: line {lines.Number}: {e.Message}");
            return false;
        }
    }

    // A file is one pattern over any number of lines, or a pattern on each line.
    private static List<EventPattern> Read(string path)
    {
        string text = LineSource.ReadAll(path).TrimStart('\uFEFF');
        if (EventPattern.TryParse(text, out EventPattern? whole, out EventPatternProblem? problem))
        {
            return [whole];
        }

        List<EventPattern> patterns = [];
        string[] lines = text.Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            if (lines[i].AsSpan().Trim().IsEmpty)
            {
                continue;
            }

            if (!EventPattern.TryParse(lines[i], out EventPattern? pattern, out EventPatternProblem? wrong))
            {
                throw new UsageException(patterns.Count > 0 ? $"{path}: line {i + 1}: {wrong}" : $"{path}: {problem}");
            }

            patterns.Add(pattern);
        }

        return patterns.Count > 0 ? patterns : throw new UsageException($"{path} has no pattern");
    }

    private static string Counts(long[] counts, bool isJson) => isJson
        ? $"{{\"matches\":[{string.Join(',', counts)}],\"total\":{counts.Sum()}}}\n"
        : string.Concat(counts.Select((count, i) => string.Create(CultureInfo.InvariantCulture, $"{count,10}  pattern {i}\n")));

    // A case has its JSON as it is, or as a text where the text matters.
    private static string Text(JsonElement oneCase, string name) => oneCase.TryGetProperty(name + "Text", out JsonElement text)
        ? text.GetString() ?? throw new FormatException($"{name}Text is a text")
        : oneCase.GetProperty(name).GetRawText();
}
