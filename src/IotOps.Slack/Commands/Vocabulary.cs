using IotOps.Shared;

namespace IotOps.Slack.Commands;

/// <summary>The words that the options allow, checked.</summary>
internal sealed class Vocabulary
{
    // All of them are said in one answer, which Slack bounds.
    private const int MaxCharsInAll = 2_000;

    private readonly Dictionary<string, LogExportCategory> _categories = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> _environments = new(StringComparer.OrdinalIgnoreCase);

    public Vocabulary(LogExportCommandOptions options)
    {
        Options = options;
        Today = DateOnly.FromDateTime(options.TimeProvider.GetUtcNow().UtcDateTime);
        if (options.Categories.Count == 0 || options.MaxDays < 1 || !IsCommandName(options.CommandName))
        {
            throw new ArgumentException("The options need a category, MaxDays of 1 or more, and a CommandName such as /iot-log.", nameof(options));
        }

        foreach (LogExportCategory category in options.Categories)
        {
            foreach (string word in category.Aliases.Prepend(category.Name))
            {
                Check(word);
                if (!_categories.TryAdd(word, category))
                {
                    throw new ArgumentException($"The category or alias '{word}' occurs twice.", nameof(options));
                }
            }
        }

        foreach (string environment in options.Environments)
        {
            Check(environment);
            if (!_environments.TryAdd(environment, environment))
            {
                throw new ArgumentException($"The environment '{environment}' occurs twice.", nameof(options));
            }
        }

        if (options.DefaultEnvironment is { } fallback && !options.Environments.Contains(fallback, StringComparer.Ordinal))
        {
            throw new ArgumentException($"The default environment '{fallback}' is not one of the environments.", nameof(options));
        }

        int chars = _categories.Keys.Sum(word => word.Length) + _environments.Keys.Sum(word => word.Length);
        if (chars > MaxCharsInAll)
        {
            throw new ArgumentException($"Categories, aliases and environments have {chars} characters in all; {MaxCharsInAll} are the limit.", nameof(options));
        }
    }

    public LogExportCommandOptions Options { get; }

    public DateOnly Today { get; }

    public LogExportCategory? Category(string word) => _categories.GetValueOrDefault(word);

    public string? Environment(string word) => _environments.GetValueOrDefault(word);

    public string? NearestCategory(string word) => EditDistance.Nearest(word, _categories.Keys) is { } near ? _categories[near].Name : null;

    public string? NearestEnvironment(string word) => EditDistance.Nearest(word, _environments.Keys);

    /// <summary>The environment to propose for a word; null where there are none.</summary>
    public string? Guess(string? word) =>
        (word is null ? null : NearestEnvironment(word)) ?? Options.DefaultEnvironment ?? (Options.Environments.Count > 0 ? Options.Environments[0] : null);

    private static bool IsCommandName(string name) =>
        name.Length is >= 2 and <= 40 && name[0] == '/' && name.Skip(1).All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');

    private static void Check(string word)
    {
        if (word.Length is 0 or > 40 || word[0] == '-' || !word.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-') || DateWords.LooksLike(word))
        {
            throw new ArgumentException($"'{word}' cannot be a category or environment: 1 to 40 letters, digits, _ and -, not like a date.", nameof(word));
        }
    }
}
