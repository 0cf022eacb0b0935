using System.Globalization;
using IotOps.Slack.Commands;

namespace IotOps.Slack;

/// <summary>The user asks how to ask.</summary>
public sealed record LogExportHelp : LogExportCommand
{
    /// <summary>The answer: the forms of the command, its categories, environments and limits, and examples to paste.</summary>
    /// <exception cref="ArgumentException">The options contradict themselves.</exception>
    public static SlackMessage ToMessage(LogExportCommandOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var vocabulary = new Vocabulary(options);
        string name = options.CommandName;
        string environment = vocabulary.Guess(null) is { } guess ? " " + guess : "";
        string day = vocabulary.Today.AddDays(-1).ToString(DateWords.Format, CultureInfo.InvariantCulture);
        string first = options.Categories[0].Name;
        string several = string.Join(',', options.Categories.Take(2).Select(c => c.Name));
        List<string> examples =
        [
            $"{name} THING00001 {first} {day}{environment}",
            $"{name} THING00001 {several} -2d..today{environment}",
            $"{name} status ID",
            $"{name} link ID",
            $"{name} revoke ID",
        ];
        if (options.Categories.FirstOrDefault(c => c.AllowsEveryDevice) is { } everyDevice)
        {
            examples.Insert(2, $"{name} {CommandParser.EveryDevice} {everyDevice.Name} yesterday{environment}");
        }

        string grammar = $"{name} IDENTIFIER CATEGORY[,CATEGORY] DATE[..DATE]{(options.Environments.Count > 0 ? " [ENVIRONMENT]" : "")}";
        var notes = new List<SlackText>
        {
            SlackText.Markup($"*Identifier*: a thing name, a client id, a certificate id, several of them with commas{(examples.Count > 5 ? $", or {CommandParser.EveryDevice} for every device" : "")}"),
            SlackText.Markup($"*Category*: {string.Join(", ", options.Categories.Select(c => c.Aliases.Count == 0 ? c.Name : $"{c.Name} ({string.Join(", ", c.Aliases)})"))}"),
            SlackText.Markup($"*Date*: UTC, {day}, today, yesterday, -2d, or two of them with .. between, at most {options.MaxDays} days"),
        };
        notes.Add(SlackText.Markup($"*Filters*: {SlackText.Code("hours=08:00..10:30")} of each day, {SlackText.Code("contains=\"some text\"")}, {SlackText.Code("matches=\"err(or)?\"")}"));
        if (options.Environments.Count > 0)
        {
            string fallback = options.DefaultEnvironment is { } one ? $"; {one} when left out" : "";
            notes.Add(SlackText.Markup($"*Environment*: {string.Join(", ", options.Environments)}{fallback}"));
        }

        return new SlackMessage(
            SlackText.Shortened(grammar, 1_000),
            new SlackSection(SlackText.Code(grammar)),
            new SlackSection(SlackText.Join("\n", notes)),
            new SlackSection(SlackText.Join("\n", examples.Select(SlackText.Code))));
    }

    private protected override string Format() => "help";
}
