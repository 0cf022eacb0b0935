namespace IotOps.Samples.CommandLine;

/// <summary>One option of a command, or a word that it takes without a name.</summary>
/// <param name="Name">With its dashes: <c>--config</c>. Without: <c>PATH</c>, which is told by its place among the words.</param>
/// <param name="Value">What stands for the value in the help, such as <c>FILE</c>; null for an option without a value.</param>
/// <param name="Description">One line for the help.</param>
public sealed record CommandOption(string Name, string? Value, string Description)
{
    /// <summary>True when the command cannot run without it.</summary>
    public bool Required { get; init; }

    /// <summary>True for a word without a name.</summary>
    internal bool IsPositional => !Name.StartsWith('-');
}
