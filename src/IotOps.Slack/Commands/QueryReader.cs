namespace IotOps.Slack.Commands;

/// <summary>
/// Reads <c>IDENTIFIER CATEGORY[,CATEGORY] DATE[..DATE] [environment]</c>. Beside each word stands what it is or, when it is wrong, the best guess,
/// so that at the end there is a whole command to propose.
/// </summary>
internal sealed class QueryReader(Vocabulary vocabulary)
{
    private const int MaxIdentifierChars = 128;
    private const int CertificateIdChars = 64;
    private const int MaxDevices = 20;
    private const int MaxProblems = 10;
    private const string ExampleDevice = "THING00001";

    private readonly LogExportCommandOptions _options = vocabulary.Options;
    private readonly List<string> _problems = [];

    public LogExportParseResult Read(string[] words, FilterWords filters)
    {
        Slots slots = Sort(words);
        (IReadOnlyList<string> identifiers, LogExportIdentifierKind kind) = ReadIdentifiers(words[0]);
        IReadOnlyList<LogExportCategory> categories = ReadCategories(slots.Categories);
        if (kind == LogExportIdentifierKind.EveryDevice)
        {
            (identifiers, kind, categories) = RestrictEveryDevice(identifiers, categories);
        }

        (DateOnly from, DateOnly to) = new RangeReader(vocabulary, _problems).Read(slots.Date);
        string? environment = ReadEnvironment(slots.Environment);
        _problems.AddRange(filters.Problems);
        var query = new LogExportQuery(identifiers, kind, [.. categories.Select(c => c.Name)], from, to, environment)
        {
            FromTime = filters.From,
            UntilTime = filters.Until,
            Contains = filters.Contains,
            Matches = filters.Matches,
        };
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

    private (IReadOnlyList<string> Identifiers, LogExportIdentifierKind Kind) ReadIdentifiers(string typed)
    {
        string[] words = [.. typed.Split(',').Select(word => word.Trim('"', '\'', '`')).Where(word => word.Length > 0).Distinct(StringComparer.Ordinal)];
        if (words is [] or [_])
        {
            (string only, LogExportIdentifierKind kind) = ReadIdentifier(words is [var one] ? one : typed);
            return ([only], kind);
        }

        if (words.Length > MaxDevices)
        {
            _problems.Add($"{words.Length} devices are too many; {MaxDevices} are the limit.");
            words = words[..MaxDevices];
        }

        if (words.Contains(CommandParser.EveryDevice, StringComparer.Ordinal))
        {
            _problems.Add($"{CommandParser.EveryDevice} stands for every device, and not beside others.");
            words = [.. words.Where(word => word != CommandParser.EveryDevice)];
        }

        return ([.. words.Select(word => ReadIdentifier(word).Identifier).Distinct(StringComparer.Ordinal)], LogExportIdentifierKind.Device);
    }

    private (string Identifier, LogExportIdentifierKind Kind) ReadIdentifier(string word)
    {
        if (word == CommandParser.EveryDevice)
        {
            return (word, LogExportIdentifierKind.EveryDevice);
        }

        if (IsIdentifier(word))
        {
            // AWS IoT writes certificate ids in lower case; 64 digits with capitals among them are somebody's own name for a device.
            return (word, word.Length == CertificateIdChars && word.All(char.IsAsciiHexDigitLower) ? LogExportIdentifierKind.Certificate : LogExportIdentifierKind.Device);
        }

        _problems.Add($"'{Quote.Of(word)}' is no identifier: 1 to {MaxIdentifierChars} letters, digits and : _ - . / @ # +, not beginning with --, without empty folders or dots alone between slashes; or a certificate id; or {CommandParser.EveryDevice}.");
        string kept = string.Join('/', string.Concat(word.Where(IsIdentifierChar)).Split('/').Where(part => part is not ("" or "." or "..")));
        kept = kept.StartsWith("--", StringComparison.Ordinal) || kept == "-h" ? kept.TrimStart('-') : kept;
        kept = kept.Length > MaxIdentifierChars ? kept[..MaxIdentifierChars].TrimEnd('/', '.') : kept;

        // What is left of a mistyped name must not turn into another kind of identifier by itself.
        return (kept.Length == CertificateIdChars || kept == CommandParser.EveryDevice || !IsIdentifier(kept) ? ExampleDevice : kept, LogExportIdentifierKind.Device);
    }

    private static bool IsIdentifier(string word) =>
        word.Length is >= 1 and <= MaxIdentifierChars
        && word.All(IsIdentifierChar)
        && word != "-h"
        && !word.StartsWith("--", StringComparison.Ordinal)
        && !word.Split('/').Any(part => part is "" or "." or "..");

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

    private (IReadOnlyList<string> Identifiers, LogExportIdentifierKind Kind, IReadOnlyList<LogExportCategory> Categories) RestrictEveryDevice(
        IReadOnlyList<string> identifiers, IReadOnlyList<LogExportCategory> categories)
    {
        if (categories.All(c => c.AllowsEveryDevice))
        {
            return (identifiers, LogExportIdentifierKind.EveryDevice, categories);
        }

        LogExportCategory[] allowed = [.. _options.Categories.Where(c => c.AllowsEveryDevice)];
        _problems.Add(allowed.Length == 0
            ? $"{CommandParser.EveryDevice} stands for every device, which no category allows."
            : $"{CommandParser.EveryDevice} stands for every device, which only {string.Join(", ", allowed.Select(c => c.Name))} allows.");
        return allowed.Length == 0
            ? ([ExampleDevice], LogExportIdentifierKind.Device, categories)
            : (identifiers, LogExportIdentifierKind.EveryDevice, allowed);
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

    private static bool IsIdentifierChar(char c) => char.IsAsciiLetterOrDigit(c) || c is ':' or '_' or '-' or '.' or '/' or '@' or '#' or '+';

    private sealed class Slots
    {
        public List<string> Categories { get; } = [];

        public string? Date { get; set; }

        public string? Environment { get; set; }
    }
}
