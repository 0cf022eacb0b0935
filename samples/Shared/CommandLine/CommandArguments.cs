using System.Globalization;
using IotOps.Samples.Configuration;

namespace IotOps.Samples.CommandLine;

/// <summary>The options that were given.</summary>
public sealed class CommandArguments
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    /// <summary>Reads the words behind the command's name: <c>--name value</c>, <c>--name=value</c>, and words without a name.</summary>
    /// <exception cref="UsageException">An option is unknown, given twice, missing, or lacks its value.</exception>
    public CommandArguments(Command command, ReadOnlySpan<string> words)
    {
        ArgumentNullException.ThrowIfNull(command);

        for (int i = 0; i < words.Length; i++)
        {
            if (IsPlain(words[i]))
            {
                CommandOption place = command.Options.FirstOrDefault(o => o.IsPositional && !_values.ContainsKey(o.Name))
                    ?? throw new UsageException($"unexpected '{words[i]}'");
                _values.Add(place.Name, words[i]);
                continue;
            }

            int equals = words[i].IndexOf('=', StringComparison.Ordinal);
            string name = equals < 0 ? words[i] : words[i][..equals];
            CommandOption option = command.Options.FirstOrDefault(o => o.Name == name)
                ?? throw new UsageException($"unknown option '{name}'{Suggestion.For(name, command.Options.Select(o => o.Name))}");
            string value = (option.Value, equals) switch
            {
                (null, < 0) => "",
                (null, _) => throw new UsageException($"{name} takes no value"),
                (_, >= 0) => words[i][(equals + 1)..],
                _ => ++i < words.Length ? words[i] : throw new UsageException($"{name} needs a value: {name} {option.Value}"),
            };
            if (!_values.TryAdd(name, value))
            {
                throw new UsageException($"{name} was given twice");
            }
        }

        if (command.Options.FirstOrDefault(o => o.Required && !_values.ContainsKey(o.Name)) is { } missing)
        {
            throw new UsageException(missing.IsPositional ? $"{missing.Name} is missing" : $"{missing.Name} {missing.Value} is missing");
        }
    }

    /// <summary>True when the option was given.</summary>
    public bool Has(string name) => _values.ContainsKey(name);

    /// <summary>The option's value; null when it was not given.</summary>
    public string? this[string name] => _values.GetValueOrDefault(name);

    /// <summary>A time such as <c>3s</c>; null when the option was not given.</summary>
    /// <exception cref="UsageException">The value is no time.</exception>
    public TimeSpan? Duration(string name) =>
        this[name] is not { } text ? null
        : Shared.Duration.TryParse(text, out TimeSpan duration) ? duration
        : throw new UsageException($"{name} must be a time such as {Shared.Duration.Examples}, not '{text}'");

    /// <summary>A whole number; null when the option was not given.</summary>
    /// <exception cref="UsageException">The value is no whole number in the range.</exception>
    public int? Integer(string name, int min, int max) =>
        this[name] is not { } text ? null
        : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) && number >= min && number <= max ? number
        : throw new UsageException($"{name} must be a whole number from {min} to {max}, not '{text}'");

    // A number may be negative and is no option; nor is the dash that stands for standard input.
    private static bool IsPlain(string word) => !word.StartsWith('-') || word == "-" || (word.Length > 1 && char.IsAsciiDigit(word[1]));
}
