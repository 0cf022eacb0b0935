namespace IotOps.Slack.Commands;

/// <summary>Tells the forms of the command apart, and reads the simple ones.</summary>
internal sealed class CommandParser(Vocabulary vocabulary)
{
    public const string EveryDevice = "client_id";

    // Slack sends at most a message's 4,000 characters; no command needs half of it.
    private const int MaxChars = 2_000;
    private const int MaxIdChars = 128;

    private readonly LogExportCommandOptions _options = vocabulary.Options;

    public LogExportParseResult Parse(string text)
    {
        if (text.Length > MaxChars)
        {
            return Refuse($"The command has {text.Length} characters; {MaxChars} are the limit.");
        }

        FilterWords filters = FilterWords.Read(SlackInput.Plain(text));
        string[] words = SlackInput.Split(filters.Rest);
        if (words.Length > 0 && words[0].Equals(_options.CommandName, StringComparison.OrdinalIgnoreCase))
        {
            words = words[1..];
        }

        // With three words and more the first is a device, whatever it is called.
        return words switch
        {
            [] => new LogExportParseResult(new LogExportHelp()),
            [_] or [_, _] when IsHelp(words[0]) => new LogExportParseResult(new LogExportHelp()),
            [var verb] when Is(verb, "link") || Is(verb, "status") || Is(verb, "revoke") => Refuse($"'{verb}' needs the id of an export: {_options.CommandName} {verb.ToLowerInvariant()} ID."),
            [var verb, var id] when Is(verb, "link") => IsId(id) ? new LogExportParseResult(new LogExportLink(id)) : RefuseId(verb, id),
            [var verb, var id] when Is(verb, "status") => IsId(id) ? new LogExportParseResult(new LogExportStatus(id)) : RefuseId(verb, id),
            [var verb, var id] when Is(verb, "revoke") => IsId(id) ? new LogExportParseResult(new LogExportRevoke(id)) : RefuseId(verb, id),
            _ => new QueryReader(vocabulary).Read(words, filters),
        };
    }

    private static bool IsHelp(string word) => word is "?" or "-h" or "-help" or "--help" || Is(word, "help");

    private static bool Is(string word, string expected) => word.Equals(expected, StringComparison.OrdinalIgnoreCase);

    private static bool IsId(string word) =>
        word.Length <= MaxIdChars && word[0] != '-' && word.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');

    private LogExportParseResult RefuseId(string verb, string id) =>
        Refuse(
            $"'{Quote.Of(id)}' is no id of an export: 1 to {MaxIdChars} letters, digits, _ and -, as the first answer gave it.",
            string.Concat(id.Where(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-').Take(MaxIdChars)).TrimStart('-') is { Length: > 0 } kept
                ? $"{verb.ToLowerInvariant()} {kept}"
                : "help");

    private LogExportParseResult Refuse(string message, string corrected = "help") =>
        new([new LogExportProblem(message, $"{_options.CommandName} {corrected}")]);
}
