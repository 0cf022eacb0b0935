namespace IotOps.Samples.Json5;

/// <summary>A text is not JSON5.</summary>
public sealed class Json5Exception(int line, int column, string problem)
    : FormatException($"{line}:{column}: {problem}")
{
    /// <summary>Line of the first character that does not fit, from 1.</summary>
    public int Line { get; } = line;

    /// <summary>Column of that character in UTF-16 units, from 1.</summary>
    public int Column { get; } = column;

    /// <summary>What was wrong, without the place.</summary>
    public string Problem { get; } = problem;
}
