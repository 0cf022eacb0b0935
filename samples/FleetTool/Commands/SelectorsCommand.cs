using System.Text.Json;
using IotOps.Fleet;
using IotOps.Samples.CommandLine;
using IotOps.Samples.FleetTool.Lines;

namespace IotOps.Samples.FleetTool.Commands;

/// <summary>Checks, makes and evaluates event selectors.</summary>
internal static class SelectorsCommand
{
    public static Command Command { get; } = new()
    {
        Name = "selectors",
        Summary = "Check a trail's advanced event selectors before CloudTrail does, or print a ready-made set.",
        Options =
        [
            new("FILE", null, "Selectors as put-event-selectors takes them or get-event-selectors prints them."),
            new("--set", "NAME", "Print a set: greengrass (all its data events), or with --type: all, read, write, api (with --api)."),
            new("--type", "TYPE", "A resource type, such as AWS::IoT::Thing."),
            new("--api", "NAME", "An event name, such as PutCertificateAuthorities."),
            new("--target", "NAME", "What they are for: trail (the default), event-data-store, either."),
            new("--json", null, "Print the verdict as one JSON object."),
            CaseLines.Option,
        ],
        RunAsync = RunAsync,
    };

    /// <summary>A case of the filter: <c>match</c>, <c>no-match</c> or <c>invalid</c>.</summary>
    public static void Answer(JsonElement oneCase, Utf8JsonWriter result)
    {
        // What a trail would refuse and an event data store take is no reason not to evaluate it.
        string text = oneCase.GetProperty("selectors"u8).GetRawText();
        result.WriteStringValue(
            !EventSelectors.TryParse(text, EventSelectorTarget.Either, out EventSelectors? selectors, out _) ? "invalid"
            : selectors.Matches(oneCase.GetProperty("event"u8)) ? "match"
            : "no-match");
    }

    private static async Task<int> RunAsync(CommandArguments arguments)
    {
        EventSelectorTarget target = Target(arguments["--target"]);
        if (arguments.Has("--lines"))
        {
            return await CaseLines.RunAsync(Answer);
        }

        if (arguments["--set"] is { } set)
        {
            await using Stream output = Console.OpenStandardOutput();
            await output.WriteAsync(Set(set, arguments["--type"], arguments["--api"]).ToUtf8Json());
            output.WriteByte((byte)'\n');
            return 0;
        }

        string path = arguments["FILE"] ?? throw new UsageException("give a FILE, --set or --lines");
        string json;
        try
        {
            json = await File.ReadAllTextAsync(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"cannot read {path}: {e.Message}");
        }

        bool isValid = EventSelectors.TryParse(json, target, out EventSelectors? selectors, out IReadOnlyList<EventSelectorProblem> problems);
        if (arguments.Has("--json"))
        {
            PrintJson(problems);
        }
        else if (isValid)
        {
            Console.WriteLine($"{path}: {selectors!.All.Count} selectors, as CloudTrail takes them");
        }
        else
        {
            foreach (EventSelectorProblem problem in problems)
            {
                await Console.Error.WriteLineAsync($"{path}: {problem}");
            }
        }

        return isValid ? 0 : 1;
    }

    private static EventSelectorTarget Target(string? name) => name switch
    {
        null or "trail" => EventSelectorTarget.Trail,
        "event-data-store" => EventSelectorTarget.EventDataStore,
        "either" => EventSelectorTarget.Either,
        _ => throw new UsageException($"--target is trail, event-data-store or either, not '{name}'"),
    };

    private static EventSelectors Set(string name, string? type, string? api)
    {
        if (name == "greengrass")
        {
            return EventSelectors.AllGreengrassData();
        }

        string resourceType = type ?? throw new UsageException($"--set {name} needs --type, such as AWS::IoT::Thing");
        return name switch
        {
            "all" => EventSelectors.AllData(resourceType),
            "read" => EventSelectors.ReadOnlyData(resourceType),
            "write" => EventSelectors.WriteOnlyData(resourceType),
            "api" => EventSelectors.OneApi(resourceType, api ?? throw new UsageException("--set api needs --api, such as PutCertificateAuthorities")),
            _ => throw new UsageException($"--set is greengrass, all, read, write or api, not '{name}'"),
        };
    }

    private static void PrintJson(IReadOnlyList<EventSelectorProblem> problems)
    {
        using Stream output = Console.OpenStandardOutput();
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            json.WriteBoolean("valid"u8, problems.Count == 0);
            json.WriteStartArray("problems"u8);
            foreach (EventSelectorProblem problem in problems)
            {
                json.WriteStartObject();
                if (problem.Selector is { } selector)
                {
                    json.WriteNumber("selector"u8, selector);
                }

                if (problem.Field is { } field)
                {
                    json.WriteString("field"u8, field);
                }

                json.WriteString("rule"u8, problem.Rule);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        output.WriteByte((byte)'\n');
    }
}
