namespace IotOps.Samples.CommandLine;

/// <summary>One option of a command.</summary>
/// <param name="Name">With its dashes: <c>--config</c>.</param>
/// <param name="Value">What stands for the value in the help, such as <c>FILE</c>; null for an option without a value.</param>
/// <param name="Description">One line for the help.</param>
public sealed record CommandOption(string Name, string? Value, string Description)
{
    /// <summary>True when the command cannot run without it.</summary>
    public bool Required { get; init; }
}
