namespace IotOps.Slack.Commands;

/// <summary>
/// Reads <c>IDENTIFIER CATEGORY[,CATEGORY] DATE[..DATE] [environment]</c>. Beside each word stands what it is or, when it is wrong, the best guess,
/// so that at the end there is a whole command to propose.
/// </summary>
internal sealed class QueryReader(Vocabulary vocabulary)
{
    private const int MaxIdentifierChars = 128;
    private const int CertificateIdChars = 64;
    private const int MaxProblems = 10;
    private const string ExampleDevice = "THING00001";

    private readonly LogExportCommandOptions _options = vocabulary.Options;
    private readonly List<string> _problems = [];

    public LogExportParseResult Read(string[] words)
    {
        Slots slots = Sort(words);
        (string identifier, LogExportIdentifierKind kind) = ReadIdentifier(words[0]);
        IReadOnlyList<LogExportCategory> categories = ReadCategories(slots.Categories);
        if (kind == LogExportIdentifierKind.EveryDevice)
        {
            (identifier, kind, categories) = RestrictEveryDevice(identifier, categories);
        }

        (DateOnly from, DateOnly to) = new RangeReader(vocabulary, _problems).Read(slots.Date);
        string? environment = ReadEnvironment(slots.Environment);
        var query = new LogExportQuery(identifier, kind, [.. categories.Select(c => c.Name)], from, to, environment);
        if (_problems.Count == 0)
        {
            return new LogExportParseResult(query);
        }

        string corrected = $"{_options.CommandName} {query}";
        return new LogExportParseResult([.. _problems.Take(MaxProblems).Select(message => new LogExportProblem(message, corrected))]);
    }

    // A date is known by its looks and a category by its name, wherever they stand; what is left is known by its place.
    private Slots Sort(string[] words)
    {
        var slots = new Slots();
        foreach (string word in DateWords.Join(words.Skip(1)))
        {
            bool isEnvironment = vocabulary.Environment(word) is not null;
            bool isCategory = vocabulary.Category(word.Split(',')[0]) is not null;
            if (slots.Date is null && DateWords.LooksLike(word))
            {
                slots.Date = word;
            }
            else if (slots.Categories.Count == 0 ? isCategory || !isEnvironment : isCategory && !(isEnvironment && slots.Date is not null))
            {
                AddCategory(slots, word);
            }
            else if (slots.Date is null && !isEnvironment)
            {
                slots.Date = word;
            }
            else if (slots.Environment is null)
            {
                slots.Environment = word;
            }
            else
            {
                _problems.Add($"'{Quote.Of(word)}' is one word too many.");
            }
        }

        return slots;
    }

    private void AddCategory(Slots slots, string word)
    {
        if (slots.Categories.Count == 1)
        {
            _problems.Add("Categories are separated by commas.");
        }
        else if (slots.Date is { } date)
        {
            _problems.Add($"The date '{Quote.Of(date)}' stands before the category.");
        }

        slots.Categories.Add(word);
    }

    private (string Identifier, LogExportIdentifierKind Kind) ReadIdentifier(string word)
    {
        if (word == CommandParser.EveryDevice)
        {
            return (word, LogExportIdentifierKind.EveryDevice);
        }

        if (word.Length == CertificateIdChars && word.All(char.IsAsciiHexDigit))
        {
            return (word.ToLowerInvariant(), LogExportIdentifierKind.Certificate);
        }

        if (word.Length <= MaxIdentifierChars && word[0] != '-' && word.All(IsIdentifierChar))
        {
            return (word, LogExportIdentifierKind.Device);
        }

        _problems.Add($"'{Quote.Of(word)}' is no identifier: 1 to {MaxIdentifierChars} letters, digits, :, _ and -, the first of them no -; or a certificate id; or {CommandParser.EveryDevice}.");
        string kept = string.Concat(word.Where(IsIdentifierChar)).TrimStart('-');
        kept = kept.Length > MaxIdentifierChars ? kept[..MaxIdentifierChars] : kept;

        // What is left of a mistyped name must not turn into another kind of identifier by itself.
        return (kept.Length is 0 or CertificateIdChars || kept == CommandParser.EveryDevice ? ExampleDevice : kept, LogExportIdentifierKind.Device);
    }

    private List<LogExportCategory> ReadCategories(List<string> words)
    {
        var found = new HashSet<LogExportCategory>();
        string[] names = [.. words.SelectMany(word => word.Split(',', StringSplitOptions.RemoveEmptyEntries)).Select(word => word.Trim('"', '\'', '`')).Where(word => word.Length > 0)];
        string known = string.Join(", ", _options.Categories.Select(c => c.Name));
        if (names.Length == 0)
        {
            _problems.Add($"The category is missing: {known}.");
        }

        foreach (string name in names)
        {
            if (vocabulary.Category(name) is { } category)
            {
                found.Add(category);
                continue;
            }

            string? near = vocabulary.NearestCategory(name);
            _problems.Add($"There is no category '{Quote.Of(name)}'{(near is null ? "" : $"; did you mean {near}?")} There are {known}.");
            if (near is not null)
            {
                found.Add(vocabulary.Category(near)!);
            }
        }

        // In the order of the options, so that equal queries have the same text.
        return found.Count == 0 ? [_options.Categories[0]] : [.. _options.Categories.Where(found.Contains)];
    }

    private (string Identifier, LogExportIdentifierKind Kind, IReadOnlyList<LogExportCategory> Categories) RestrictEveryDevice(
        string identifier, IReadOnlyList<LogExportCategory> categories)
    {
        if (categories.All(c => c.AllowsEveryDevice))
        {
            return (identifier, LogExportIdentifierKind.EveryDevice, categories);
        }

        LogExportCategory[] allowed = [.. _options.Categories.Where(c => c.AllowsEveryDevice)];
        _problems.Add(allowed.Length == 0
            ? $"{CommandParser.EveryDevice} stands for every device, which no category allows."
            : $"{CommandParser.EveryDevice} stands for every device, which only {string.Join(", ", allowed.Select(c => c.Name))} allows.");
        return allowed.Length == 0
            ? (ExampleDevice, LogExportIdentifierKind.Device, categories)
            : (identifier, LogExportIdentifierKind.EveryDevice, allowed);
    }

    private string? ReadEnvironment(string? word)
    {
        if (word is not null && vocabulary.Environment(word) is { } environment)
        {
            return environment;
        }

        string known = string.Join(", ", _options.Environments);
        if (word is not null)
        {
            string? near = vocabulary.NearestEnvironment(word);
            _problems.Add(_options.Environments.Count == 0
                ? $"'{Quote.Of(word)}' is one word too many: there is only one environment."
                : $"There is no environment '{Quote.Of(word)}'{(near is null ? "" : $"; did you mean {near}?")} There are {known}.");
        }
        else if (_options.Environments.Count > 0 && _options.DefaultEnvironment is null)
        {
            _problems.Add($"The environment is missing: {known}.");
        }

        return vocabulary.Guess(word);
    }

    private static bool IsIdentifierChar(char c) => char.IsAsciiLetterOrDigit(c) || c is ':' or '_' or '-';

    private sealed class Slots
    {
        public List<string> Categories { get; } = [];

        public string? Date { get; set; }

        public string? Environment { get; set; }
    }
}
