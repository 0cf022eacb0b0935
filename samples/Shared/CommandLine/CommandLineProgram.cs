using IotOps.Samples.Configuration;

namespace IotOps.Samples.CommandLine;

/// <summary>A program with commands, options and help. System.CommandLine would do more, at a third of the size of a device agent.</summary>
public sealed class CommandLineProgram
{
    /// <summary>The program's file name.</summary>
    public required string Name { get; init; }

    /// <summary>What the program is for, one line.</summary>
    public required string Summary { get; init; }

    /// <summary>What it does; one command without a name for a program that does one thing.</summary>
    public required IReadOnlyList<Command> Commands { get; init; }

    /// <summary>Where the help goes.</summary>
    public TextWriter Output { get; init; } = Console.Out;

    /// <summary>Where the one line about a wrong command line goes.</summary>
    public TextWriter Error { get; init; } = Console.Error;

    /// <summary>Chooses the command and runs it.</summary>
    /// <returns>The exit code: 0 on success, 1 when the command failed, 2 when the command line or a configuration file cannot be used.</returns>
    public async Task<int> RunAsync(string[] args)
    {
        ArgumentNullException.ThrowIfNull(args);

        bool named = Commands is not [{ Name: "" }];
        Command? command = named ? Commands.FirstOrDefault(c => IsChosen(c, args)) : Commands[0];
        if (args is ["--help" or "-h" or "help"] || (command is not null && args.Any(a => a is "--help" or "-h")))
        {
            await Output.WriteAsync(command is null ? Help.Of(this) : Help.Of(this, command));
            return 0;
        }

        try
        {
            if (command is null)
            {
                throw new UsageException(args is [var word, ..] ? Unknown(word) : "which command?");
            }

            return await command.RunAsync(new CommandArguments(command, args.AsSpan(WordsOf(command).Length)));
        }
        catch (UsageException e)
        {
            string help = command is { Name.Length: > 0 } ? $"{Name} {command.Name} --help" : $"{Name} --help";
            await Error.WriteLineAsync($"{Name}: {e.Message}; see {help}");
            return 2;
        }
        catch (ConfigException e)
        {
            await Error.WriteLineAsync(e.Message);
            return 2;
        }
    }

    private static bool IsChosen(Command command, string[] args) => args.AsSpan().StartsWith(WordsOf(command));

    private static string[] WordsOf(Command command) => command.Name.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private string Unknown(string word)
    {
        List<string> longer = [.. Commands.Select(c => c.Name).Where(name => name.StartsWith(word + " ", StringComparison.Ordinal))];
        return longer.Count > 0
            ? $"which of {string.Join(", ", longer)}?"
            : $"unknown command '{word}'{Suggestion.For(word, Commands.Select(c => c.Name))}";
    }
}
