namespace IotOps.Samples.CommandLine;

/// <summary>One thing a program does.</summary>
public sealed record Command
{
    /// <summary>The word that chooses it; empty for a program that does only one thing.</summary>
    public string Name { get; init; } = "";

    /// <summary>One line for the help.</summary>
    public required string Summary { get; init; }

    /// <summary>Its options; <c>--help</c> is always there.</summary>
    public IReadOnlyList<CommandOption> Options { get; init; } = [];

    /// <summary>Does it and returns the exit code: 0 only when it succeeded.</summary>
    public required Func<CommandArguments, Task<int>> RunAsync { get; init; }
}
