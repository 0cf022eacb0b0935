using System.Text.Json;
using IotOps.Aws;
using IotOps.Fleet;
using IotOps.Samples.CommandLine;
using IotOps.Samples.FleetTool.Lines;
using IotOps.Samples.FleetTool.Trail;

namespace IotOps.Samples.FleetTool.Commands;

/// <summary>Asks the fleet index, or things in a file.</summary>
internal static class QueryCommand
{
    public static Command Command { get; } = new()
    {
        Name = "query",
        Summary = "Find things by a fleet index query, in the index or in a file of things, and say why a thing is not found.",
        Options =
        [
            new("QUERY", null, "Such as 'attributes.firmware:2.0.10 AND shadow.reported.battery>50'."),
            new("--things", "FILE", "Things as JSON, as SearchIndex answers them, instead of the index."),
            new("--group", "NAME", "Instead of a query: what a thing group is, and the things in it."),
            new("--explain", null, "With --things: also the near misses, and the term that each one fails."),
            new("--json", null, "Print one JSON object a thing."),
            FleetClients.RegionOption,
            CaseLines.Option,
        ],
        RunAsync = RunAsync,
    };

    /// <summary>A case of the filter: the sorted names of the things found, or <c>invalid</c>.</summary>
    public static void Answer(JsonElement oneCase, IReadOnlyList<FleetThing> things, Utf8JsonWriter result)
    {
        string text = oneCase.GetProperty("query"u8).GetString() ?? throw new FormatException("a query is a text");
        if (!FleetQuery.TryParse(text, out FleetQuery? query, out _))
        {
            result.WriteStringValue("invalid");
            return;
        }

        result.WriteStartArray();
        foreach (string name in things.Where(query.Matches).Select(thing => thing.Name).Order(StringComparer.Ordinal))
        {
            result.WriteStringValue(name);
        }

        result.WriteEndArray();
    }

    private static async Task<int> RunAsync(CommandArguments arguments)
    {
        IReadOnlyList<FleetThing>? things = arguments["--things"] is { } file ? Things(file) : null;
        if (arguments.Has("--lines"))
        {
            IReadOnlyList<FleetThing> known = things ?? throw new UsageException("--lines needs --things FILE");
            return await CaseLines.RunAsync((oneCase, result) => Answer(oneCase, known, result));
        }

        try
        {
            if (arguments["--group"] is { } group)
            {
                using var clients = new FleetClients(arguments["--aws-region"]);
                return await GroupAsync(new FleetIndex(clients.Iot), group, arguments.Has("--json"));
            }

            FleetQuery query = Query(arguments["QUERY"] ?? throw new UsageException("give a QUERY, --group or --lines"));
            if (things is not null)
            {
                return Local(query, things, arguments.Has("--explain"), arguments.Has("--json"));
            }

            using var remote = new FleetClients(arguments["--aws-region"]);
            await foreach (FleetThing thing in new FleetIndex(remote.Iot).SearchAsync(query))
            {
                Console.WriteLine(arguments.Has("--json") ? Json(new FleetQueryVerdict(thing, [])) : TerminalText.Printable(thing.Name));
            }

            return 0;
        }
        catch (Exception e) when (e is AwsException or ArgumentException)
        {
            await Console.Error.WriteLineAsync($"FleetTool: {e.Message}");
            return 1;
        }
    }

    private static int Local(FleetQuery query, IReadOnlyList<FleetThing> things, bool isExplained, bool isJson)
    {
        FleetQueryVerdict[] verdicts = [.. things.Select(query.Explain)];
        foreach (FleetQueryVerdict verdict in verdicts.Where(verdict => verdict.IsHit || (isExplained && verdict.IsNearMiss)))
        {
            string line = isJson ? Json(verdict)
                : verdict.IsHit ? TerminalText.Printable(verdict.Thing.Name)
                : TerminalText.Printable($"{verdict.Thing.Name}  not found: {verdict.Misses[0]}");
            Console.WriteLine(line);
        }

        if (isExplained && !isJson)
        {
            Console.Error.WriteLine($"{verdicts.Count(verdict => verdict.IsHit)} of {things.Count} things; {query.Terms} of {FleetQuery.MaxTerms} terms: {query.Text}");
        }

        return 0;
    }

    private static async Task<int> GroupAsync(FleetIndex index, string name, bool isJson)
    {
        FleetGroup group = await index.DescribeGroupAsync(name);
        if (isJson)
        {
            Console.WriteLine(JsonLine.Of(json =>
            {
                json.WriteString("group"u8, group.Name);
                json.WriteString("query"u8, group.Query);
                json.WriteString("status"u8, group.Status);
                json.WriteString("parent"u8, group.Parent);
            }));
        }
        else
        {
            await Console.Error.WriteLineAsync(TerminalText.Printable(group.IsDynamic ? $"{name}: dynamic, {group.Query} ({group.Status})" : $"{name}: static"));
        }

        await foreach (string thing in index.ThingsInGroupAsync(name))
        {
            Console.WriteLine(isJson ? JsonLine.Of(json => json.WriteString("thingName"u8, thing)) : TerminalText.Printable(thing));
        }

        return 0;
    }

    private static FleetQuery Query(string text) => FleetQuery.TryParse(text, out FleetQuery? query, out string? problem) ? query : throw new UsageException(problem.TrimEnd('.'));

    private static IReadOnlyList<FleetThing> Things(string path)
    {
        try
        {
            return FleetThing.ReadAll(LineSource.ReadAll(path));
        }
        catch (FormatException e)
        {
            throw new UsageException($"{path}: {e.Message}");
        }
    }

    private static string Json(FleetQueryVerdict verdict) => JsonLine.Of(json =>
    {
        json.WriteString("thingName"u8, verdict.Thing.Name);
        json.WriteBoolean("found"u8, verdict.IsHit);
        json.WriteStartArray("failed"u8);
        foreach (FleetQueryMiss miss in verdict.Misses)
        {
            json.WriteStartObject();
            json.WriteString("term"u8, miss.Term);
            json.WriteString("found"u8, miss.Found);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });
}
