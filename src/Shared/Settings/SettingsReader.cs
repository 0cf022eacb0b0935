using Microsoft.Extensions.Configuration;

namespace IotOps.Shared;

/// <summary>
/// Reads a section of a host's configuration by key and type, without reflection, so that it works the same under NativeAOT. A problem is
/// noted and a stand-in returned, so that one pass finds them all. A key that was never asked for is a problem too. Upper and lower case of keys
/// and of choices are the same, as everywhere in a host's configuration.
/// </summary>
internal sealed partial class SettingsReader
{
    private readonly IConfiguration? _section;
    private readonly string _path;
    private readonly SettingsProblems _problems;
    private readonly List<Setting>? _described;
    private readonly HashSet<string> _known = new(StringComparer.OrdinalIgnoreCase);

    private SettingsReader(IConfiguration? section, string path, SettingsProblems problems, List<Setting>? described)
    {
        _section = section;
        _path = path;
        _problems = problems;
        _described = described;
    }

    /// <summary>Reads a section.</summary>
    /// <param name="configuration">The section.</param>
    /// <param name="read">Makes what is wanted of it. What it returns is dropped when there were problems.</param>
    /// <exception cref="InvalidOperationException">Values or keys cannot be used, a line each.</exception>
    public static T Read<T>(IConfiguration configuration, Func<SettingsReader, T> read)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        SettingsProblems problems = new();
        var reader = new SettingsReader(configuration, (configuration as IConfigurationSection)?.Path ?? "", problems, described: null);
        T result = read(reader);
        reader.ReportUnknownKeys();
        problems.ThrowIfAny(configuration);
        return result;
    }

    /// <summary>Every key that <paramref name="read"/> asks for.</summary>
    public static IReadOnlyList<Setting> Describe<T>(Func<SettingsReader, T> read)
    {
        List<Setting> described = [];
        _ = read(new SettingsReader(section: null, path: "", new SettingsProblems(), described));
        return described;
    }

    /// <summary>Whether the section has this key.</summary>
    public bool Has(string key) => Find(key) is not null;

    /// <summary>Whether the key's value is <c>false</c>, where an object would be: what the object configures is turned off.</summary>
    public bool IsOff(string key) => Find(key) is { Value: { } value } && bool.TryParse(value, out bool isOn) && !isOn;

    /// <summary>An object; null when the key is missing.</summary>
    /// <param name="key">The key.</param>
    /// <param name="read">Reads it.</param>
    /// <param name="why">What it is, for the message, where it must be there; null where it need not.</param>
    public T? Object<T>(string key, Func<SettingsReader, T> read, string? why = null)
        where T : class
    {
        if (_described is not null)
        {
            return Child(null, key, read);
        }

        IConfigurationSection? section = Find(key);
        if (section is null && why is not null)
        {
            _problems.AddMissing(PathOf(key), why);
        }

        return section is not null && IsSection(section) ? Child(section, key, read) : null;
    }

    /// <summary>The objects of a list; null when the key is missing, so that its default holds.</summary>
    public IReadOnlyList<T>? Objects<T>(string key, Func<SettingsReader, T> read)
    {
        if (_described is not null)
        {
            return [Child(null, $"{key}:0", read)];
        }

        return Find(key) is not { } section ? null
            : !IsSection(section) ? []
            : [.. section.GetChildren().Where(IsSection).Select(item => Child(item, item.Key, read))];
    }

    /// <summary>The objects of this section, under names that its author chose.</summary>
    public IReadOnlyList<T> Named<T>(Func<string, SettingsReader, T> read)
    {
        if (_described is not null)
        {
            return [Child(null, "NAME", reader => read("NAME", reader))];
        }

        List<T> objects = [];
        foreach (IConfigurationSection item in _section?.GetChildren() ?? [])
        {
            _known.Add(item.Key);
            if (IsSection(item))
            {
                objects.Add(Child(item, item.Key, reader => read(item.Key, reader)));
            }
        }

        return objects;
    }

    /// <summary>A section that another package reads.</summary>
    /// <param name="key">The key.</param>
    /// <param name="form">What it holds, for the reference.</param>
    /// <param name="read">The other package's reading, which throws <see cref="InvalidOperationException"/> with its problems.</param>
    /// <param name="otherwise">What is returned where it throws.</param>
    public T Foreign<T>(string key, string form, Func<IConfiguration, T> read, T otherwise)
    {
        Describe(key, form, otherwise: null);
        Find(key);
        if (_section is null)
        {
            return otherwise;
        }

        try
        {
            return read(_section.GetSection(key));
        }
        catch (InvalidOperationException e)
        {
            _problems.AddRead(e.Message);
            return otherwise;
        }
    }

    /// <summary>Notes a problem with the whole section.</summary>
    public void Problem(string problem)
    {
        if (_section is not null)
        {
            _problems.AddRead($"{_path}: {problem}");
        }
    }

    /// <summary>Notes a problem with a key's value, for checks that a type alone cannot make.</summary>
    public void Problem(string key, string problem)
    {
        if (_section is not null)
        {
            _problems.Add(_section.GetSection(key), problem);
        }
    }

    private T Child<T>(IConfigurationSection? section, string key, Func<SettingsReader, T> read)
    {
        var child = new SettingsReader(section, section?.Path ?? PathOf(key), _problems, _described);
        T result = read(child);
        child.ReportUnknownKeys();
        return result;
    }

    private void ReportUnknownKeys()
    {
        foreach (IConfigurationSection section in _section?.GetChildren() ?? [])
        {
            if (!_known.Contains(section.Key))
            {
                _problems.Add(section, EditDistance.Nearest(section.Key, _known) is { } near
                    ? $"there is no such key; did you mean '{near}'?"
                    : $"there is no such key; there are {string.Join(", ", _known.Order(StringComparer.OrdinalIgnoreCase))}.");
            }
        }
    }

    /// <summary>A key's section, or null when it is missing. A key whose value is null counts as missing, as it does for a host's own options.</summary>
    private IConfigurationSection? Find(string key)
    {
        _known.Add(key);
        IConfigurationSection? section = _section?.GetSection(key);
        return section?.Value is not null || section?.GetChildren().Any() == true ? section : null;
    }

    // JSON's [] and {} arrive as an empty value without children.
    private bool IsSection(IConfigurationSection section)
    {
        bool isSection = string.IsNullOrEmpty(section.Value);
        if (!isSection)
        {
            _problems.Add(section, "must have keys below it, and is a single value.");
        }

        return isSection;
    }

    private string PathOf(string key) => _path.Length == 0 ? key : $"{_path}:{key}";

    private void Describe(string key, string form, string? otherwise) => _described?.Add(new Setting(PathOf(key), form, otherwise));
}
