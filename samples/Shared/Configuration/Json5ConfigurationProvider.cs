using System.Globalization;
using System.Text;
using IotOps.Samples.Json5;
using Microsoft.Extensions.Configuration;

namespace IotOps.Samples.Configuration;

/// <summary>
/// The values of a JSON5 file, and where they stand: asked for <c>KEY:$place:VALUE</c> it answers <c>agent.json5:12</c> when the file gave the key
/// that value, so that the packages' messages name the line of a value that they refuse. A source that came later and gave the key another value is not blamed on the file.
/// </summary>
internal sealed class Json5ConfigurationProvider(string path, bool optional) : ConfigurationProvider
{
    private const string Place = ":$place:";

    private readonly Dictionary<string, int> _lines = new(StringComparer.OrdinalIgnoreCase);

    /// <inheritdoc/>
    /// <exception cref="ConfigException">The file cannot be read, is not JSON5, or has a key twice.</exception>
    public override void Load()
    {
        if (optional && !File.Exists(path))
        {
            return;
        }

        Json5Value document = ConfigFile.ReadDocument(path);
        if (document.Kind != Json5Kind.Object)
        {
            throw new ConfigException(path, [new ConfigProblem(document.Line, $"the document must be an object, not {document.Describe()}")]);
        }

        List<ConfigProblem> problems = [];
        AddMembers(document, prefix: "", problems);
        if (problems.Count > 0)
        {
            throw new ConfigException(path, problems);
        }
    }

    /// <inheritdoc/>
    public override bool TryGet(string key, out string? value)
    {
        int place = key.IndexOf(Place, StringComparison.Ordinal);
        if (place < 0)
        {
            return base.TryGet(key, out value);
        }

        string setting = key[..place];
        bool isHere = _lines.TryGetValue(setting, out int line) && (!Data.TryGetValue(setting, out string? own) || (own ?? "") == key[(place + Place.Length)..]);
        value = isHere ? string.Create(CultureInfo.InvariantCulture, $"{path}:{line}") : null;
        return isHere;
    }

    private void AddMembers(Json5Value value, string prefix, List<ConfigProblem> problems)
    {
        foreach (Json5Member member in value.Members)
        {
            string key = prefix + member.Name;
            if (_lines.TryAdd(key, member.Line))
            {
                Add(member.Value, key, problems);
            }
            else
            {
                problems.Add(new ConfigProblem(member.Line, $"'{key}' is there twice; the first is at line {_lines[key]}. Upper and lower case are the same in a host's configuration"));
            }
        }
    }

    private void Add(Json5Value value, string key, List<ConfigProblem> problems)
    {
        switch (value.Kind)
        {
            case Json5Kind.Object when value.Members.Count > 0:
                AddMembers(value, key + ConfigurationPath.KeyDelimiter, problems);
                break;
            case Json5Kind.Array when value.Items.Count > 0:
                for (int i = 0; i < value.Items.Count; i++)
                {
                    string item = string.Create(CultureInfo.InvariantCulture, $"{key}{ConfigurationPath.KeyDelimiter}{i}");
                    _lines[item] = value.Items[i].Line;
                    Add(value.Items[i], item, problems);
                }

                break;
            default:
                Data[key] = Scalar(value);
                break;
        }
    }

    // Empty objects and arrays are an empty value, as JSON's are in a host's configuration.
    private static string? Scalar(Json5Value value) => value.Kind switch
    {
        Json5Kind.Null => null,
        Json5Kind.Boolean => value.IsTrue ? "true" : "false",
        Json5Kind.String => value.Text,
        Json5Kind.Number => Encoding.UTF8.GetString(Json5Writer.ToJson(value)).Trim('"'),
        _ => "",
    };
}
