using IotOps.Samples.Json5;

namespace IotOps.Samples.Configuration;

/// <summary>
/// Reads the members of one object by name and type. A problem is noted and a stand-in returned, so that one pass finds them all;
/// a key that was never asked for is a problem too.
/// </summary>
public sealed class ConfigReader
{
    private readonly string _path;
    private readonly List<ConfigProblem> _problems;
    private readonly Dictionary<string, Json5Value> _members = new(StringComparer.Ordinal);
    private readonly List<Json5Member> _order = [];
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly List<ConfigReader> _children = [];
    private readonly bool _isObject = true;

    internal ConfigReader(Json5Value value, string path, List<ConfigProblem> problems)
    {
        _path = path;
        _problems = problems;
        Line = value.Line;
        if (value.Kind != Json5Kind.Object)
        {
            Problem(value.Line, $"{(path.Length == 0 ? "the document" : $"'{path}'")} must be an object, not {value.Describe()}");
            _isObject = false;
            return;
        }

        foreach (Json5Member member in value.Members)
        {
            if (_members.TryAdd(member.Name, member.Value))
            {
                _order.Add(member);
            }
            else
            {
                Problem(member.Line, $"'{PathOf(member.Name)}' is there twice; the first is at line {_members[member.Name].Line}");
            }
        }
    }

    private ConfigReader(int line, string path, List<ConfigProblem> problems)
    {
        Line = line;
        _path = path;
        _problems = problems;
    }

    /// <summary>Line at which the object begins.</summary>
    public int Line { get; }

    /// <summary>The object's keys in their order, where they are names that the file's author chose.</summary>
    public IReadOnlyList<string> Keys => [.. _order.Select(member => member.Name)];

    /// <summary>True when the object has this key.</summary>
    public bool Has(string key) => Find(key) is not null;

    /// <summary>True when the key's value is an object, for keys that have a short and a long form.</summary>
    public bool HasObject(string key) => Find(key) is { Kind: Json5Kind.Object };

    /// <summary>A string, or null when the key is missing.</summary>
    public string? String(string key)
    {
        Json5Value? value = Find(key);
        if (value is null)
        {
            return null;
        }

        if (value is { Kind: Json5Kind.String, Text.Length: > 0 })
        {
            return value.Text;
        }

        Problem(value.Line, $"'{PathOf(key)}' must be a string that is not empty{(value.Kind == Json5Kind.String ? "" : $", not {value.Describe()}")}");
        return null;
    }

    /// <summary>A string that must be there.</summary>
    /// <param name="key">The key.</param>
    /// <param name="why">Why it is needed, for the message.</param>
    public string RequiredString(string key, string why)
    {
        if (_isObject && !Has(key))
        {
            Problem(Line, $"'{PathOf(key)}' is missing: {why}");
        }

        return String(key) ?? "";
    }

    /// <summary>Strings, or an empty list when the key is missing.</summary>
    /// <param name="key">The key.</param>
    /// <param name="mayBeEmpty">True takes the empty string too.</param>
    public IReadOnlyList<string> Strings(string key, bool mayBeEmpty = false)
    {
        List<string> strings = [];
        foreach (Json5Value item in Items(key))
        {
            if (item.Kind == Json5Kind.String && (mayBeEmpty || item.Text.Length > 0))
            {
                strings.Add(item.Text);
            }
            else
            {
                Problem(item.Line, $"'{PathOf(key)}[{strings.Count}]' must be a string{(mayBeEmpty ? "" : " that is not empty")}");
            }
        }

        return strings;
    }

    /// <summary><c>true</c> or <c>false</c>.</summary>
    public bool Boolean(string key, bool otherwise)
    {
        Json5Value? value = Find(key);
        if (value is not null && value.Kind != Json5Kind.Boolean)
        {
            Problem(value.Line, $"'{PathOf(key)}' must be true or false, not {value.Describe()}");
        }

        return value is { Kind: Json5Kind.Boolean } ? value.IsTrue : otherwise;
    }

    /// <summary>A whole number, or null when the key is missing.</summary>
    public int? Integer(string key, int min, int max)
    {
        Json5Value? value = Find(key);
        if (value is null)
        {
            return null;
        }

        if (value.TryGetInt64(out long number) && number >= min && number <= max)
        {
            return (int)number;
        }

        Problem(value.Line, $"'{PathOf(key)}' must be a whole number from {min} to {max}, not {value.Describe()}");
        return null;
    }

    /// <summary>A time with its unit, such as <c>'5s'</c>.</summary>
    public TimeSpan Duration(string key, TimeSpan otherwise)
    {
        Json5Value? value = Find(key);
        if (value is null)
        {
            return otherwise;
        }

        if (value.Kind == Json5Kind.String && Shared.Duration.TryParse(value.Text, out TimeSpan duration))
        {
            return duration;
        }

        string found = value.Kind == Json5Kind.String ? $"'{value.Text}'" : value.Describe();
        Problem(value.Line, $"'{PathOf(key)}' must be a time such as {Shared.Duration.Examples}, not {found}");
        return otherwise;
    }

    /// <summary>One of a few words.</summary>
    public T Choice<T>(string key, T otherwise, params ReadOnlySpan<(string Word, T Value)> choices)
    {
        Json5Value? value = Find(key);
        if (value is null)
        {
            return otherwise;
        }

        List<string> words = [];
        foreach ((string word, T choice) in choices)
        {
            if (value.Kind == Json5Kind.String && value.Text == word)
            {
                return choice;
            }

            words.Add(word);
        }

        string found = value.Kind == Json5Kind.String ? $"'{value.Text}'" : value.Describe();
        Problem(value.Line, $"'{PathOf(key)}' must be one of '{string.Join("', '", words)}', not {found}{Suggestion.For(value.Text, words)}");
        return otherwise;
    }

    /// <summary>An object; an empty one when the key is missing, so that its own defaults apply.</summary>
    public ConfigReader Object(string key) => Child(Find(key), key);

    /// <summary>Objects, or an empty list when the key is missing.</summary>
    public IReadOnlyList<ConfigReader> Objects(string key)
    {
        List<ConfigReader> objects = [];
        foreach (Json5Value item in Items(key))
        {
            objects.Add(Child(item, $"{key}[{objects.Count}]"));
        }

        return objects;
    }

    /// <summary>The values of an array as JSON, for what a library reads by itself; an empty list when the key is missing.</summary>
    public IReadOnlyList<byte[]> Json(string key)
    {
        List<byte[]> texts = [];
        foreach (Json5Value item in Items(key))
        {
            texts.Add(Json5Writer.ToJson(item));
        }

        return texts;
    }

    /// <summary>Notes a problem with one value of an array.</summary>
    public void Problem(string key, int index, string problem) =>
        Problem(Items(key)[index].Line, $"'{PathOf(key)}[{index}]': {problem}");

    /// <summary>Notes a problem with the value of a key, for checks that a type alone cannot make.</summary>
    public void Problem(string key, string problem) =>
        Problem(Find(key)?.Line ?? Line, $"'{PathOf(key)}' {problem}");

    /// <summary>Every key, here and below, that was asked for so far.</summary>
    internal IEnumerable<string> KnownKeys() => _known.Concat(_children.SelectMany(child => child.KnownKeys()));

    /// <summary>Notes every key, here and below, that was never asked for.</summary>
    internal void ReportUnknownKeys()
    {
        foreach (Json5Member member in _order)
        {
            if (!_known.Contains(member.Name))
            {
                string where = _path.Length == 0 ? "" : $" in {_path}";
                string suggestion = Suggestion.For(member.Name, _known);
                Problem(member.Line, $"unknown key '{member.Name}'{where}{(suggestion.Length > 0 ? suggestion : $"; there are {string.Join(", ", _known.Order(StringComparer.Ordinal))}")}");
            }
        }

        foreach (ConfigReader child in _children)
        {
            child.ReportUnknownKeys();
        }
    }

    private Json5Value? Find(string key)
    {
        _known.Add(key);
        return _members.TryGetValue(key, out Json5Value? value) ? value : null;
    }

    private IReadOnlyList<Json5Value> Items(string key)
    {
        Json5Value? value = Find(key);
        if (value is not null && value.Kind != Json5Kind.Array)
        {
            Problem(value.Line, $"'{PathOf(key)}' must be an array, not {value.Describe()}");
        }

        return value?.Items ?? [];
    }

    private ConfigReader Child(Json5Value? value, string key)
    {
        ConfigReader child = value is null
            ? new ConfigReader(Line, PathOf(key), _problems)
            : new ConfigReader(value, PathOf(key), _problems);
        _children.Add(child);
        return child;
    }

    private string PathOf(string key) => _path.Length == 0 ? key : $"{_path}.{key}";

    private void Problem(int line, string message) => _problems.Add(new ConfigProblem(line, message));
}
