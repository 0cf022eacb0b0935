namespace IotOps.Samples.CommandLine;

/// <summary>One thing a program does.</summary>
public sealed record Command
{
    /// <summary>The words that choose it, such as <c>run</c> or <c>shadow get</c>; empty for a program that does only one thing.</summary>
    public string Name { get; init; } = "";

    /// <summary>One line for the help.</summary>
    public required string Summary { get; init; }

    /// <summary>Its options; <c>--help</c> is always there.</summary>
    public IReadOnlyList<CommandOption> Options { get; init; } = [];

    /// <summary>Does it and returns the exit code: 0 only when it succeeded.</summary>
    public required Func<CommandArguments, Task<int>> RunAsync { get; init; }
}
