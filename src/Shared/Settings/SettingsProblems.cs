using Microsoft.Extensions.Configuration;

namespace IotOps.Shared;

/// <summary>What is wrong with a section, kept until all of it is read: its author mends everything in one go.</summary>
internal sealed class SettingsProblems
{
    private const int Told = 20;

    private readonly List<string> _lines = [];

    /// <summary>Notes a problem.</summary>
    /// <param name="section">What is wrong.</param>
    /// <param name="problem">Why, and what to do about it.</param>
    public void Add(IConfigurationSection section, string problem) => _lines.Add($"{Place(section)}{section.Path}: {problem}");

    /// <summary>Notes that a section lacks a key.</summary>
    /// <param name="path">The key, with its section's.</param>
    /// <param name="why">What it is, with an example.</param>
    public void AddMissing(string path, string why) => _lines.Add($"{path} is missing: {why}.");

    /// <summary>Notes the problems that another reader found.</summary>
    public void AddRead(string lines) => _lines.AddRange(lines.Split('\n'));

    /// <summary>Throws when there were problems.</summary>
    /// <param name="configuration">What was read.</param>
    /// <exception cref="InvalidOperationException">One line a problem.</exception>
    public void ThrowIfAny(IConfiguration configuration)
    {
        if (_lines.Count == 0)
        {
            return;
        }

        // Variables of the environment are at the root, so that every one of them would be an unknown key.
        string hint = configuration is IConfigurationRoot ? " Give a section, such as configuration.GetSection(\"IotOps\"), instead of the whole configuration." : "";
        string more = _lines.Count > Told ? $"\n… and {_lines.Count - Told} more" : "";
        throw new InvalidOperationException(string.Join('\n', _lines.Take(Told)) + more + hint);
    }

    /// <summary>
    /// Where the value stands. <see cref="IConfiguration"/> has no place for that, so a source that knows answers the key <c>$place:VALUE</c>
    /// below the setting, and stays silent when the value is another's that came after it.
    /// </summary>
    private static string Place(IConfigurationSection section) => section[$"$place:{section.Value}"] is { } place ? place + ": " : "";
}
