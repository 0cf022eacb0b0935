namespace IotOps.Samples.Configuration;

/// <summary>A configuration file cannot be used. The message has one line a problem: <c>agent.json5:12: ...</c>.</summary>
public sealed class ConfigException : Exception
{
    /// <summary>Tells every problem at once.</summary>
    /// <param name="file">The file, as its user named it.</param>
    /// <param name="problems">What is wrong, in any order.</param>
    public ConfigException(string file, IEnumerable<ConfigProblem> problems)
        : base(string.Join('\n', problems.OrderBy(p => p.Line).Select(p => $"{file}:{p.Line}: {p.Message}")))
    {
    }

    /// <summary>The file could not be read at all.</summary>
    public ConfigException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
